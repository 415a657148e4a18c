/** All words of the field app, by feature. */
import * as answers from './features/answers/words'
import * as enrol from './features/enrol/words'
import * as finding from './features/finding/words'
import * as interview from './features/interview/words'
import * as lock from './features/lock/words'
import * as map from './features/map/words'
import * as mirror from './features/mirror/words'
import * as photo from './features/photo/words'
import * as prepare from './features/prepare/words'
import * as roster from './features/roster/words'
import * as settings from './features/settings/words'
import * as signoff from './features/signoff/words'
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
    interview: interview.zh,
    map: map.zh,
    mirror: mirror.zh,
    photo: photo.zh,
    answers: answers.zh,
    signoff: signoff.zh,
    lock: lock.zh,
    prepare: prepare.zh,
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
    interview: interview.en,
    map: map.en,
    mirror: mirror.en,
    photo: photo.en,
    answers: answers.en,
    signoff: signoff.en,
    lock: lock.en,
    prepare: prepare.en,
  },
}
