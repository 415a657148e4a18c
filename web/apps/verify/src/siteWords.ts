/** What the page says of sites. */
import type { Language } from '@sansuiji/draw'

type Named = Readonly<Record<string, string>>

const modesZh: Named = {
  desk: '值班席給碼（保證程度最高）',
  envelope: '拆封見證（保證程度居中）',
  local: '現場擲骰（保證程度最低）',
}

const resultsZh: Named = {
  completed: '完成訪談',
  refusal: '拒訪',
  'non-contact': '無人應答',
  other: '其他原因未訪',
  unknown: '情況不明',
  'not-eligible': '不屬訪談對象',
}

const zh = {
  sites: '現場',
  site: (id: string) => `現場 ${id}`,
  holds: (count: number) =>
    count === 1
      ? '受訪者是按抽取次序接觸的。'
      : `${count} 個現場都成立：受訪者是按抽取次序接觸的。`,
  counts: (holds: number, fails: number, unknown: number) =>
    [
      `${holds} 個現場成立`,
      `${fails} 個不成立`,
      ...(unknown > 0 ? [`${unknown} 個無法判定`] : []),
    ].join('，'),
  inPlan: (have: number, all: number) => `方案有 ${all} 個現場，這裡有 ${have} 個的記錄。`,
  drawUnproven:
    '抽樣框不在這裡，所以沒有核驗抽取本身（抽樣框是否被改過、重做是否相同）。要一併核驗，請把抽樣框也放進來。',
  noRoster: '沒有一份名冊與這份記錄相符：名冊沒有放進來，或者被改動過。',
  foreign: '這份記錄屬於另一次抽取：請換上給出這個現場密鑰的那次抽取的憑證。',
  strays: (names: string) => `不屬於任何一份記錄的名冊：${names}`,
  twice: (id: string) => `現場 ${id} 有不止一份記錄：請問清以哪一份為準。`,
  unread: '記錄無法讀取',
  mode: '開啟方式',
  modes: modesZh,
  roster: '名冊',
  size: (size: number, official: number) =>
    official > 0
      ? `${size} 人；戶籍 ${official} 人，名冊是戶籍的 ${percent(size, official)}%`
      : `${size} 人；戶籍人數不詳`,
  told: '報名冊碼',
  toldAt: (code: string, at: string) => `${code}（${at}）`,
  opened: '開密鑰',
  interviews: '訪談',
  asked: (n: number, done: number, used: number) =>
    `應訪 ${n} 人，完成 ${done} 人，動用替補 ${used} 人`,
  dice: '現場擲骰',
  rank: '次序',
  place: '名冊上',
  result: '結果（UTC 時間）',
  results: resultsZh,
  notYet: '還沒有接觸',
  reserve: '替補',
  late: '後補入名冊',
  stranger: '不在名冊上',
  household: (people: number, chosen: number) => `戶內 ${people} 人，抽中第 ${chosen} 人`,
  progress: (done: number) => `已核驗 ${done} 個現場…`,
  unproven: '以下是記錄上寫的，沒有得到證實。',
  files: (names: string) => `文件：${names}`,
}

type Words = typeof zh

const en: Words = {
  sites: 'Sites',
  site: (id) => `Site ${id}`,
  holds: (count) =>
    count === 1
      ? 'People were asked in the order of the draw.'
      : `All ${count} sites hold: people were asked in the order of the draw.`,
  counts: (holds, fails, unknown) =>
    [
      `${holds} ${holds === 1 ? 'site holds' : 'sites hold'}`,
      `${fails} ${fails === 1 ? 'does' : 'do'} not`,
      ...(unknown > 0 ? [`${unknown} cannot be decided`] : []),
    ].join(', '),
  inPlan: (have, all) => `The plan has ${all} sites; the records of ${have} are here.`,
  drawUnproven:
    'Without the frame the draw itself was not verified: that the frame was not changed, that it comes out the same again. Add the frame to have it done, too.',
  noRoster: 'No roster fits this record: it was not added, or it was changed.',
  foreign:
    'This record is of another ceremony: add the certificate of the one that gave the site its key.',
  strays: (names) => `Rosters that belong to no record: ${names}`,
  twice: (id) => `There is more than one record of site ${id}: ask which one counts.`,
  unread: 'The record cannot be read',
  mode: 'Way of opening',
  modes: {
    desk: 'The duty desk told the code (strongest assurance)',
    envelope: 'An envelope was opened (middle assurance)',
    local: 'Dice thrown on the spot (weakest assurance)',
  },
  roster: 'Roster',
  size: (size, official) =>
    official > 0
      ? `${size} people; ${percent(size, official)}% of the ${official} in the register`
      : `${size} people; the size of the register is not known`,
  told: 'Roster code told',
  toldAt: (code, at) => `${code} (${at})`,
  opened: 'Key opened',
  interviews: 'Interviews',
  asked: (n, done, used) =>
    `${done} of ${n} people were interviewed, ${used} of the reserve were used`,
  dice: 'Dice of the village',
  rank: 'Order',
  place: 'On the roster',
  result: 'Result (time in UTC)',
  results: {
    completed: 'Completed',
    refusal: 'Refusal',
    'non-contact': 'Non-contact',
    other: 'Other reason',
    unknown: 'Unknown',
    'not-eligible': 'Not eligible',
  },
  notYet: 'not asked yet',
  reserve: 'reserve',
  late: 'added late',
  stranger: 'not on the roster',
  household: (people, chosen) => `Household of ${people}: number ${chosen} was chosen`,
  progress: (done) => `${done} ${done === 1 ? 'site' : 'sites'} verified…`,
  unproven: 'This is what the record says; it is not proven.',
  files: (names) => `Files: ${names}`,
}

function percent(size: number, official: number): number {
  return Math.round((100 * size) / official)
}

/** The words by language. */
export const siteWords: Readonly<Record<Language, Words>> = { zh, en }
