/** The words of the voters' page. */
/** The page brings only what voting needs: it is opened on the networks of halls. */
export type Language = 'zh' | 'en'

const zh = {
  title: '會場測評',
  other: 'English',
  otherLang: 'en',
  secret: '不記名投票：沒有編號，不記時間，誰也不知道這張選票是您投的。',
  loading: '正在讀取…',
  noTicket: '請用手機掃描測評票上的二維碼。',
  grades: ['好', '較好', '一般', '差'],
  skip: '棄權',
  submit: '投出選票',
  left: '還有 {n} 項沒有選；不選就是棄權。',
  sure: '確認投出？投出後不能更改。',
  yes: '確認投出',
  no: '再看看',
  sending: '正在投票，請不要關閉…',
  done: '已投出，謝謝！',
  doneNote: '您的選票已收下。這張測評票不能再用，可以關閉本頁。',
  perhaps: '剛才網絡中斷前，您的選票很可能已經收下。',
  offline: '連不上服務器',
  offlineNote: '選的內容還在。請檢查網絡後再試。',
  retry: '再試一次',
  points: '{n} 分',
}

const en: typeof zh = {
  title: 'Hall ballot',
  other: '中文',
  otherLang: 'zh-Hant',
  secret: 'A secret vote: no number, no time; nobody can tell that this ballot is yours.',
  loading: 'Loading…',
  noTicket: 'Scan the QR code of your ticket with your phone.',
  grades: ['Good', 'Fairly good', 'Fair', 'Poor'],
  skip: 'Abstain',
  submit: 'Cast the ballot',
  left: '{n} not chosen yet; what is not chosen is an abstention.',
  sure: 'Cast it? It cannot be changed afterwards.',
  yes: 'Cast it',
  no: 'Look again',
  sending: 'Casting, please keep this page open…',
  done: 'Cast. Thank you!',
  doneNote: 'Your ballot was taken. The ticket is used up; you may close this page.',
  perhaps: 'Your ballot was most likely taken before the network broke off.',
  offline: 'Cannot reach the server',
  offlineNote: 'What you chose is still here. Check the network and try again.',
  retry: 'Try again',
  points: '{n}',
}

export type Words = typeof zh

export const words: Readonly<Record<Language, Words>> = { zh, en }

/** A sentence with its number. */
export function said(text: string, n: number): string {
  return text.replace('{n}', String(n))
}
