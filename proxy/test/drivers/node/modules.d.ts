/** Two packages that bring no types; what these programs use of them. */
declare module 'pg-cursor' {
  import type { Submittable } from 'pg'

  export default class Cursor implements Submittable {
    constructor(text: string, values?: readonly unknown[])
    submit: Submittable['submit']
    read(rows: number): Promise<readonly unknown[]>
    close(): Promise<void>
  }
}

declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  const streams: {
    from(text: string): Writable & Submittable & { readonly rowCount: number }
    to(text: string): Readable & Submittable
  }
  export default streams
}
