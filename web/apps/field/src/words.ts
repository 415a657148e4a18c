/** All words of the field app, by feature. */
import * as enrol from './features/enrol/words'
import * as finding from './features/finding/words'
import * as mirror from './features/mirror/words'
import * as roster from './features/roster/words'
import * as settings from './features/settings/words'
import * as sync from './features/sync/words'
import * as verify from './features/verify/words'
import * as visit from './features/visit/words'
import * as visits from './features/visits/words'
import * as witness from './features/witness/words'
import * as parts from './parts/words'
import * as gate from './shell/words'

export const words = {
  zh: {
    ...parts.zh,
    gate: gate.zh,
    enrol: enrol.zh,
    visits: visits.zh,
    visit: visit.zh,
    verify: verify.zh,
    finding: finding.zh,
    sync: sync.zh,
    settings: settings.zh,
    witness: witness.zh,
    roster: roster.zh,
    mirror: mirror.zh,
  },
  en: {
    ...parts.en,
    gate: gate.en,
    enrol: enrol.en,
    visits: visits.en,
    visit: visit.en,
    verify: verify.en,
    finding: finding.en,
    sync: sync.en,
    settings: settings.en,
    witness: witness.en,
    roster: roster.en,
    mirror: mirror.en,
  },
}
