export const zh = {
  note: '總部不能照原樣合併的條目，原始內容完整保存，等待人員處理。',
  kind: { all: '全部', quarantined: '待處理', held: '暫掛', aside: '另存' },
  kinds: '類別',
  kindNote: {
    quarantined: '原樣合併不了，須由人決定。',
    held: '所依賴的行尚未到達，到達後會自動合併。',
    aside: '不是設備鏈上的有效下一條，保存備查。',
  },
  empty: '沒有待處理的條目',
  changes: '它要做的修改',
  unreadable: '內容讀不出來，原始字節已保存。',
  size: '{size} 字節',
}

export const en: typeof zh = {
  note: 'Entries headquarters could not merge as they are. They are kept whole until a person decides.',
  kind: { all: 'All', quarantined: 'Quarantined', held: 'Held', aside: 'Aside' },
  kinds: 'Kind',
  kindNote: {
    quarantined: 'It cannot be merged as it is; a person decides.',
    held: 'It waits for a row that has not arrived and will then be merged by itself.',
    aside: 'It is no valid next entry of the device’s chain; kept for inspection.',
  },
  empty: 'Nothing is quarantined',
  changes: 'What it would change',
  unreadable: 'It cannot be read; the original bytes are kept.',
  size: '{size} bytes',
}
