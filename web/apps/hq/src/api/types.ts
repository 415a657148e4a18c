/** What the server answers with, by the names the screens use. */
import type { components } from '@sansuiji/protocol'

type Schemas = components['schemas']

export type Account = Schemas['Account']
export type CellChange = Schemas['CellChange']
export type Change = Schemas['Change']
export type Code = Schemas['Code']
export type Comment = Schemas['Comment']
export type Competing = Schemas['CompetingEdit']
export type Conflict = Schemas['Conflict']
export type Decision = Schemas['Decision']
export type Device = Schemas['Device']
export type Finding = Schemas['Finding']
export type FindingDetail = Schemas['FindingDetail']
export type Inspector = Schemas['Inspector']
export type Overview = Schemas['Overview']
export type Quarantined = Schemas['Quarantined']
export type ReadableEdit = Schemas['ReadableEdit']
export type TeamSummary = Schemas['TeamSummary']

/** Where a write comes from. */
export type Origin = Pick<
  Change,
  'device' | 'inspector' | 'seq' | 'position' | 'hash' | 'wall_at' | 'received_at'
>
