/** All words of the app: the shell's and each feature's. */
import * as attachment from './attachment/words'
import * as account from './features/account/words'
import * as attachmentPage from './features/attachment/words'
import * as ballot from './features/ballot/words'
import * as round from './features/campaign/words'
import * as conclusion from './features/conclusion/words'
import * as audit from './features/audit/words'
import * as conflict from './features/conflict/words'
import * as draw from './features/draw/words'
import * as enrolment from './features/enrolment/words'
import * as imports from './features/import/words'
import * as interview from './features/interview/words'
import * as link from './features/link/words'
import * as ledger from './features/ledger/words'
import * as login from './features/login/words'
import * as overview from './features/overview/words'
import * as quarantine from './features/quarantine/words'
import * as question from './features/question/words'
import * as report from './features/report/words'
import * as review from './features/review/words'
import * as setup from './features/setup/words'
import * as visit from './features/visit/words'
import * as score from './features/score/words'
import * as sealed from './features/sealed/words'
import * as part from './parts/words'
import * as shell from './shell/words'

function wordsOf<L extends 'zh' | 'en'>(language: L) {
  return {
    ...shell[language],
    part: part[language],
    login: login[language],
    audit: audit[language],
    link: link[language],
    sealed: sealed[language],
    attachment: { ...attachment[language], page: attachmentPage[language] },
    overview: overview[language],
    report: report[language],
    review: review[language],
    conclusion: conclusion[language],
    conflict: conflict[language],
    quarantine: quarantine[language],
    draw: draw[language],
    interview: interview[language],
    enrolment: enrolment[language],
    ledger: ledger[language],
    score: score[language],
    ballot: ballot[language],
    round: round[language],
    setup: setup[language],
    import: imports[language],
    question: question[language],
    visit: visit[language],
    account: account[language],
  }
}

export const words = { zh: wordsOf('zh'), en: wordsOf('en') }
