/** What a statement does to the session: transactions, prepared statements, cursors. */
import type { DeclareCursorStmt, DiscardMode, FetchStmt, TransactionStmt } from '@pgsql/types'
import type { Control } from './statement.ts'

export function transactionControl({ kind, savepoint_name: name = '' }: TransactionStmt): Control {
  switch (kind) {
    case 'TRANS_STMT_COMMIT':
      return { do: 'Commit' }
    case 'TRANS_STMT_ROLLBACK':
      return { do: 'Rollback' }
    case 'TRANS_STMT_SAVEPOINT':
      return { do: 'Savepoint', name }
    case 'TRANS_STMT_RELEASE':
      return { do: 'Release', name }
    case 'TRANS_STMT_ROLLBACK_TO':
      return { do: 'RollbackTo', name }
    case 'TRANS_STMT_PREPARE':
      return { do: 'PrepareTransaction' }
    case 'TRANS_STMT_COMMIT_PREPARED':
      return { do: 'CommitPrepared' }
    case 'TRANS_STMT_ROLLBACK_PREPARED':
      return { do: 'RollbackPrepared' }
    default:
      return { do: 'Begin' }
  }
}

/** CURSOR_OPT_HOLD of the server's header: the cursor outlives its transaction. */
const withHold = 0x20

export function declareControl({ portalname: name = '', options = 0 }: DeclareCursorStmt): Control {
  return { do: 'Declare', name, hold: (options & withHold) !== 0 }
}

export function fetchControl({ portalname: name = '', ismove }: FetchStmt): Control {
  return { do: 'Fetch', name, move: ismove === true }
}

const discards = {
  DISCARD_ALL: 'All',
  DISCARD_PLANS: 'Plans',
  DISCARD_SEQUENCES: 'Sequences',
  DISCARD_TEMP: 'Temp',
} as const

export function discardControl(target: DiscardMode | undefined): Control {
  return { do: 'Discard', what: discards[target ?? 'DISCARD_ALL'] }
}
