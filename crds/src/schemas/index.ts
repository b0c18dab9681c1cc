/** The three kinds of `sallyport.dev/v1alpha1`: the source that types, validators, CRDs and reference pages are made from. */
import { accessPolicy } from './access-policy.ts'
import { approvalRequest } from './approval-request.ts'
import { databaseGateway } from './database-gateway.ts'

export const kinds = [databaseGateway, accessPolicy, approvalRequest] as const
