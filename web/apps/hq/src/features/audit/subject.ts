/** What a line of the audit log is about, in words: its subject is the address asked for. */
import type { Language } from '@sansuiji/protocol'

type Words = Readonly<Record<Language, string>>

const word = (zh: string, en: string): Words => ({ zh, en })

/** What stands in an address before the id of a thing. */
const nouns: Readonly<Record<string, Words>> = {
  accounts: word('賬號', 'Account'),
  sessions: word('登錄的瀏覽器', 'Browser'),
  tokens: word('令牌', 'Token'),
  questions: word('題目', 'Question'),
  inspectors: word('核查人員', 'Inspector'),
  devices: word('設備', 'Device'),
  findings: word('發現', 'Finding'),
  comments: word('批注', 'Remark'),
  conclusions: word('歸納問題', 'Conclusion'),
  conflicts: word('衝突', 'Conflict'),
  quarantine: word('待處理條目，歷史位置', 'Entry at position'),
  unmerged: word('未併條目', 'Entry'),
  filters: word('篩選', 'Selection'),
  ledger: word('臺賬', 'Ledger entry'),
  boxes: word('票箱', 'Ballot box'),
  criteria: word('測評指標', 'Criterion'),
  reports: word('報告', 'Report'),
  templates: word('報告模板', 'Template'),
  draws: word('抽取', 'Draw'),
  sites: word('訪談現場', 'Site'),
  sealed: word('密件', 'Interview'),
  webhooks: word('通知地址', 'Webhook'),
  import: word('表格', 'Table'),
  'import-progress': word('導入', 'Import'),
  'template-kinds': word('模板種類', 'Kind of template'),
  units: word('單位', 'Unit'),
  scores: word('單位', 'Unit'),
  visits: word('核查', 'Visit'),
  photos: word('佐證', 'Photo'),
  evidence: word('整改佐證', 'Evidence'),
}

/** Acts that stand where an id might. */
const acts: readonly string[] = ['preview', 'review', 'latest']

/** The things that an address names, in words: nothing where the kind of line says all. */
export function subjectText(subject: string, language: Language): string {
  const [path = ''] = subject.split('?')
  const parts = path.split('/').filter((part) => part !== '')
  const said = parts.flatMap((part, i) => {
    const [noun, id] = [nouns[part], parts[i + 1]]
    if (noun === undefined || id === undefined || acts.includes(id)) return []
    return [`${noun[language]} ${shortened(decoded(id))}`]
  })
  return said.join(' · ')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const shownEnd = 6

/** An id is told from others by its end. */
function shortened(id: string): string {
  return /^[0-9a-f-]{32,64}$/.test(id) ? `…${id.slice(-shownEnd)}` : id
}
