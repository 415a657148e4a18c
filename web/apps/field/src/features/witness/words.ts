/** The words of what is wrong with, or new in, headquarters' history. */

export const zh = {
  alarm: {
    title: {
      rolledBack: '總部數據曾回退',
      forked: '總部數據與本機見過的不一致',
      unverifiable: '總部無法證明數據未被改動',
    },
    meaning: {
      rolledBack:
        '總部給出的數據比它簽名確認過的舊，卻沒有聲明恢復過備份。總部收到過的記錄可能缺失。',
      forked: '總部現在的歷史與它簽名確認過的不同，可能有記錄被替換或刪去。',
      unverifiable: '連續三次同步，總部都沒有給出歷史未被改動的證明。',
    },
    advice:
      '請立即告知管理員，並保管好這部手機：找回數據要靠機上的記錄和憑據。可以照常記錄和同步。',
    more: '詳情',
    less: '收起',
    acknowledge: '已告知管理員',
    ask: '確認後不再顯示這條警報，以後從總部現在的數據起核對。憑據仍留在本機。',
    confirm: '確認已告知',
  },
  facts: {
    at: '發現時間',
    held: '本機憑據',
    heldAt: '憑據時間',
    shown: '總部給出',
    size: '{size} 條，數據版本 {revision}',
    epoch: '紀元 {epoch}',
    began: '此紀元始於第 {began} 條之後',
    unreadable: '無法讀取',
    none: '無',
  },
  notice: {
    title: '總部已從備份恢復',
    lost: '總部恢復到第 {position} 條，缺本機見過的 {lost} 條。各手機會自動補傳自己的記錄，您無需操作。',
    nothingLost: '總部恢復到第 {position} 條，本機見過的都在，您無需操作。',
    review: '備份之後總部所作的審核可能要重做。',
    acknowledge: '知道了',
  },
}

export const en: typeof zh = {
  alarm: {
    title: {
      rolledBack: 'Headquarters’ data went back in time',
      forked: 'Headquarters’ data is not what this phone has seen',
      unverifiable: 'Headquarters cannot prove its data unchanged',
    },
    meaning: {
      rolledBack:
        'Headquarters shows older data than it has signed for, and did not say that it restored a backup. Records it had received may be missing.',
      forked:
        'Headquarters’ history is another than it has signed for. Records may have been replaced or taken out.',
      unverifiable:
        'Three syncs in a row, headquarters gave no proof that its history is unchanged.',
    },
    advice:
      'Tell your administrator now, and keep this phone: its records and receipts are needed to get the data back. You can go on recording and syncing.',
    more: 'Details',
    less: 'Less',
    acknowledge: 'My administrator knows',
    ask: 'This alarm will no longer be shown, and headquarters’ data is checked from its present state on. The evidence stays on this phone.',
    confirm: 'Yes, they know',
  },
  facts: {
    at: 'Noticed',
    held: 'This phone holds',
    heldAt: 'Held since',
    shown: 'Headquarters shows',
    size: '{size} entries, revision {revision}',
    epoch: 'Epoch {epoch}',
    began: 'which began after entry {began}',
    unreadable: 'unreadable',
    none: 'nothing',
  },
  notice: {
    title: 'Headquarters was restored from a backup',
    lost: 'It went back to entry {position} and lacked {lost} that this phone had seen. All phones send their records again by themselves; there is nothing to do.',
    nothingLost:
      'It went back to entry {position} and has all that this phone had seen; there is nothing to do.',
    review: 'Reviews that headquarters made after the backup may have to be made again.',
    acknowledge: 'I see',
  },
}
