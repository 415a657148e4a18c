/** The words both apps share. Those of tables and choices are in the catalogue. */

export const zh = {
  app: { name: '三隨機', field: '三隨機 現場核查', hq: '三隨機 總部' },
  act: {
    save: '保存',
    submit: '提交',
    cancel: '取消',
    confirm: '確定',
    back: '返回',
    edit: '編輯',
    retry: '重試',
    search: '搜索',
    close: '關閉',
  },
  language: { switch: 'English', zh: '中文', en: 'English' },
  theme: { title: '外觀', system: '跟隨系統', light: '淺色', dark: '深色' },
  state: {
    loading: '正在載入',
    empty: '暫無內容',
    never: '從未',
    cut: '這裡最多 {most} 字，貼上的最後 {left} 字沒有放入。',
  },
  failure: {
    offline: '連不上服務器',
    offlineAdvice: '記錄已存於本機，有網絡時會自動同步。',
    status: '服務器回答了錯誤 {status}',
    statusAdvice: '請稍後重試；仍不行請聯繫管理員。',
    broken: '應用出錯',
    brokenAdvice: '請重新打開應用；記錄不會丟失。',
  },
}

export const en: typeof zh = {
  app: { name: 'Sansuiji', field: 'Sansuiji Field', hq: 'Sansuiji Headquarters' },
  act: {
    save: 'Save',
    submit: 'Submit',
    cancel: 'Cancel',
    confirm: 'OK',
    back: 'Back',
    edit: 'Edit',
    retry: 'Try again',
    search: 'Search',
    close: 'Close',
  },
  language: { switch: '中文', zh: '中文', en: 'English' },
  theme: { title: 'Appearance', system: 'As the system', light: 'Light', dark: 'Dark' },
  state: {
    loading: 'Loading',
    empty: 'Nothing here',
    never: 'never',
    cut: 'This takes {most} characters; the last {left} of what was pasted were left out.',
  },
  failure: {
    offline: 'Cannot reach the server',
    offlineAdvice: 'Records are on this phone and will sync by themselves once there is a network.',
    status: 'The server answered with error {status}',
    statusAdvice: 'Try again later; if it persists, tell your administrator.',
    broken: 'The app failed',
    brokenAdvice: 'Open the app again; no record is lost.',
  },
}
