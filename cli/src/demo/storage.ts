/**
 * What the provider remembers (sessions, device codes, interactions), in memory and for as long as the demo runs. The
 * names of the methods are the provider's adapter interface.
 */
type Entry = Record<string, unknown>

export function memoryStorage(): (model: string) => object {
  const entries = new Map<string, Entry>()
  const by = (model: string, field: string, value: string) =>
    [...entries].find(([key, entry]) => key.startsWith(`${model}:`) && entry[field] === value)?.[1]
  return model => ({
    upsert: async (id: string, entry: Entry, expiresInSeconds?: number) => {
      const key = `${model}:${id}`
      entries.set(key, entry)
      if (expiresInSeconds !== undefined) setTimeout(() => entries.delete(key), expiresInSeconds * 1000).unref()
    },
    find: async (id: string) => entries.get(`${model}:${id}`),
    findByUid: async (uid: string) => by(model, 'uid', uid),
    findByUserCode: async (userCode: string) => by(model, 'userCode', userCode),
    consume: async (id: string) => {
      const entry = entries.get(`${model}:${id}`)
      if (entry !== undefined) entry.consumed = Math.floor(Date.now() / 1000)
    },
    destroy: async (id: string) => void entries.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId: string) => {
      for (const [key, entry] of entries) if (entry.grantId === grantId) entries.delete(key)
    },
  })
}
