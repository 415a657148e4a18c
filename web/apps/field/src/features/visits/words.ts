/** The words of the list of visits. */

export const zh = {
  title: '我的核查',
  search: '搜索單位、鄉鎮',
  summary: '共 {all} 家，已離開 {done} 家',
  problems: '問題 {verified}/{all}',
  findings: '發現 {n}',
  returned: '退回 {n}',
  empty: '還沒有分到核查單位。同步後會顯示在這裡。',
  noMatch: '沒有符合的單位',
  syncNow: '立即同步',
}

export const en: typeof zh = {
  title: 'My visits',
  search: 'Search unit or township',
  summary: '{all} in all, {done} done',
  problems: 'Problems {verified}/{all}',
  findings: 'Findings {n}',
  returned: 'Returned {n}',
  empty: 'No unit is assigned yet. After a sync they appear here.',
  noMatch: 'No unit matches',
  syncNow: 'Sync now',
}
