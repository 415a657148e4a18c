/** The words of mirrors: one phone keeps the head of another's chain. */

export const zh = {
  show: '出示見證碼',
  showHint:
    '請另一部手機（核查組或見證人）打開「見證掃碼」對準這裡。它記下這部手機此刻的記錄；之後誰也不能悄悄重做。',
  copy: '複製文字',
  copied: '已複製',
  code: '見證碼',
  scan: '見證掃碼',
  scanHint: '掃描另一部手機「出示見證碼」的畫面。',
  start: '打開相機掃碼',
  stop: '關閉相機',
  starting: '正在打開相機…',
  denied: '未獲相機權限。可在瀏覽器設置中允許，或把文字貼到下面。',
  unavailable: '相機無法使用。可把文字貼到下面。',
  text: '或貼上見證碼的文字',
  save: '保存見證',
  kept: '已保存的見證',
  none: '還沒有掃過別的手機',
  item: '第 {seq} 條 · 接觸 {n} 次',
  by: '{who} 掃於 {when}',
  device: '設備 {id}',
}

export const en: typeof zh = {
  show: 'Show to a witness',
  showHint:
    'Let another phone, of the team or a witness, open “Scan as a witness” and point it here. It keeps what this phone holds now; nobody can make that anew unseen.',
  copy: 'Copy the text',
  copied: 'Copied',
  code: 'Code for a witness',
  scan: 'Scan as a witness',
  scanHint: 'Scan what another phone shows under “Show to a witness”.',
  start: 'Open the camera',
  stop: 'Close the camera',
  starting: 'Opening the camera…',
  denied: 'The camera is not allowed. Allow it in the browser, or paste the text below.',
  unavailable: 'The camera cannot be used. Paste the text below.',
  text: 'Or paste the text of the code',
  save: 'Keep it',
  kept: 'What was kept',
  none: 'No other phone was scanned yet',
  item: 'Entry {seq} · {n} contacts',
  by: '{who}, {when}',
  device: 'Device {id}',
}
