/** The checks, in the order in which they are asked; the first reason is the answer. */
import type { Check } from '../question.ts'
import { conditionFailed } from './condition-failed.ts'
import { deniedByRule } from './denied-by-rule.ts'
import { forbidden } from './forbidden.ts'
import { functionNotAllowed, serverFileFunction } from './function-not-allowed.ts'
import { newerThanServer } from './newer-than-server.ts'
import { notGranted } from './not-granted.ts'
import { settingNotAllowed } from './setting-not-allowed.ts'
import { systemCatalogClosed } from './system-catalog-closed.ts'

/** No policy can loosen these. */
export const refusedAlways: readonly Check[] = [
  forbidden, //         what we do not understand; SET ROLE; files and programs of the server
  newerThanServer, //   grammar that the server would read otherwise
  settingNotAllowed, // names and values of settings
]

/** What policies decide. */
export const refusedByPolicy: readonly Check[] = [
  deniedByRule, //        a Deny rule, also for what lies behind a view, a partition, a cascade
  conditionFailed, //     a `when` that cannot be evaluated never falls away
  systemCatalogClosed, // a list of our own, by relation and column
  functionNotAllowed, //  pg_read_file() looks like a plain SELECT
  notGranted, //          no Allow: also inside WITH
]

/** Without any policy that decides, a function that reaches files or programs is still not let through. */
export const refusedInAudit: readonly Check[] = [serverFileFunction]
