/** The words of the app's frame and of what every screen says. */

export const zh = {
  nav: { visits: '核查', sync: '同步', settings: '設置' },
  frame: {
    waiting: '待同步 {n}',
    unsent: '未同步',
    saved: '已保存到本機',
    unchanged: '內容沒有變化',
    restored: '已恢復上次沒有保存的內容',
    discard: '放棄',
    newVersion: '有新版本',
    update: '更新',
    notHere: '這條記錄不在本機',
    notHereAdvice: '可能已劃歸其他組。返回列表再試。',
  },
  place: {
    title: '位置',
    locate: '記錄當前位置',
    again: '重新定位',
    locating: '正在定位…',
    got: '{place}（誤差約 {metres} 米）',
    denied: '未獲定位權限。可在瀏覽器設置中允許，或不記位置直接保存。',
    unavailable: '暫時無法定位。可到開闊處重試，或不記位置直接保存。',
    none: '不記位置也可以保存',
  },
  ledger: { due: '時限 {day}', overdue: '已過時限 {day}' },
  missing: {
    title: '請填寫標題',
    reason: '請填寫原因',
    body: '請填寫內容',
    outcome: '請選擇查驗結果',
  },
  keyMissing: {
    title: '本機的簽名密鑰不見了',
    advice: '記錄仍在本機，但無法上傳。不要清除數據，請聯繫總部。',
  },
  newerDatabase: {
    title: '本機數據由更新版本的應用保存',
    advice: '請聯網後重新打開應用以更新；記錄不會丟失。',
  },
}

export const en: typeof zh = {
  nav: { visits: 'Visits', sync: 'Sync', settings: 'Settings' },
  frame: {
    waiting: '{n} to sync',
    unsent: 'Not synced',
    saved: 'Saved on this phone',
    unchanged: 'Nothing has changed',
    restored: 'What you had not saved last time is back',
    discard: 'Discard',
    newVersion: 'A new version is ready',
    update: 'Update',
    notHere: 'This record is not on this phone',
    notHereAdvice: 'It may have gone to another team. Go back to the list.',
  },
  place: {
    title: 'Place',
    locate: 'Record where I am',
    again: 'Locate again',
    locating: 'Locating…',
    got: '{place} (within about {metres} m)',
    denied: 'Location is not allowed. Allow it in the browser, or save without it.',
    unavailable: 'Cannot locate just now. Try under open sky, or save without it.',
    none: 'You can save without a place',
  },
  ledger: { due: 'Due {day}', overdue: 'Overdue since {day}' },
  missing: {
    title: 'Give it a title',
    reason: 'Give a reason',
    body: 'Write something',
    outcome: 'Choose an outcome',
  },
  keyMissing: {
    title: 'This phone’s signing key is gone',
    advice: 'Records are still here but cannot be sent. Clear nothing and contact headquarters.',
  },
  newerDatabase: {
    title: 'The data here was saved by a newer version of the app',
    advice: 'Open the app again with a network to update it; no record is lost.',
  },
}
