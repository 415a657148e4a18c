/** Words of the parts several screens use. */
export const zh = {
  copy: '複製',
  copied: '已複製',
  copyFailed: '複製不了，請手動選取。',
  headquarters: '總部',
  onDevice: '設備時間',
  received: '總部收到',
  entry: '第 {seq} 條',
  position: '歷史位置 {position}',
  hash: '條目哈希',
  emptyValue: '（空）',
  detail: '詳情',
  more: '再顯示 {count} 條',
  mode: { desk: '值班席', envelope: '信封', local: '現場擲骰' },
  operation: { insert: '新增', update: '修改', delete: '刪除' },
}

export const en: typeof zh = {
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Cannot copy; please select it by hand.',
  headquarters: 'Headquarters',
  onDevice: 'Device clock',
  received: 'Received',
  entry: 'Entry {seq}',
  position: 'Position {position}',
  hash: 'Entry hash',
  emptyValue: '(empty)',
  detail: 'Detail',
  more: 'Show {count} more',
  mode: { desk: 'Duty desk', envelope: 'Envelope', local: 'Dice on site' },
  operation: { insert: 'Added', update: 'Changed', delete: 'Deleted' },
}
