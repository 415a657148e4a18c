/** What the server answers with, by the names the screens use. */
import type { components } from '@sansuiji/protocol'

type Schemas = components['schemas']

export type Account = Schemas['Account']
export type Asked = Schemas['Asked']
export type Attempt = Schemas['Attempt']
export type CellChange = Schemas['CellChange']
export type Change = Schemas['Change']
export type Code = Schemas['Code']
export type Comment = Schemas['Comment']
export type Competing = Schemas['CompetingEdit']
export type Conflict = Schemas['Conflict']
export type Decision = Schemas['Decision']
export type DeskCall = Schemas['DeskCall']
export type Device = Schemas['Device']
export type DrawDetail = Schemas['Detail']
export type DrawPreview = Schemas['Preview']
export type DrawSummary = Schemas['Summary']
export type Exclusion = Schemas['Exclusion']
export type Finding = Schemas['Finding']
export type FindingDetail = Schemas['FindingDetail']
export type Inspector = Schemas['Inspector']
export type OpenedSecret = Schemas['OpenedSecret']
export type Letter = Schemas['Letter']
export type MemberRule = Schemas['MemberRule']
export type Mirror = Schemas['Mirror']
export type Overview = Schemas['Overview']
export type Place = Schemas['Place']
export type Quarantined = Schemas['Quarantined']
export type ReadableEdit = Schemas['ReadableEdit']
export type Replacement = Schemas['Replacement']
export type RosterGiven = Schemas['RosterGiven']
export type SamplePlan = Schemas['SamplePlan']
export type Settings = Schemas['Settings']
export type SiteDetail = Schemas['SiteDetail']
export type SiteSummary = Schemas['SiteSummary']
export type SitesSettings = Schemas['SitesSettings']
export type Stratum = Schemas['Stratum']
export type TeamRule = Schemas['TeamRule']
export type TeamSummary = Schemas['TeamSummary']
export type Throw = Schemas['Throw']
export type UnitName = Schemas['UnitName']

/** Where a write comes from. */
export type Origin = Pick<
  Change,
  'device' | 'inspector' | 'seq' | 'position' | 'hash' | 'wall_at' | 'received_at'
>
