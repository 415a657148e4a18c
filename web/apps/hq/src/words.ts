/** All words of the app: the shell's and each feature's. */
import * as attachment from './attachment/words'
import * as attachmentPage from './features/attachment/words'
import * as conflict from './features/conflict/words'
import * as draw from './features/draw/words'
import * as enrolment from './features/enrolment/words'
import * as interview from './features/interview/words'
import * as login from './features/login/words'
import * as overview from './features/overview/words'
import * as quarantine from './features/quarantine/words'
import * as review from './features/review/words'
import * as part from './parts/words'
import * as shell from './shell/words'

function wordsOf<L extends 'zh' | 'en'>(language: L) {
  return {
    ...shell[language],
    part: part[language],
    login: login[language],
    attachment: { ...attachment[language], page: attachmentPage[language] },
    overview: overview[language],
    review: review[language],
    conflict: conflict[language],
    quarantine: quarantine[language],
    draw: draw[language],
    interview: interview[language],
    enrolment: enrolment[language],
  }
}

export const words = { zh: wordsOf('zh'), en: wordsOf('en') }
