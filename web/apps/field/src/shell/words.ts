/** The words of screens shown instead of the app. */

export const zh = {
  opening: '正在打開本機數據…',
  elsewhere: {
    title: '已在另一個標籤頁打開',
    advice: '同一時間只能在一個標籤頁使用，以免數據損壞。',
    take: '改在這裡使用',
    asking: '正在請另一個標籤頁讓出…',
    unanswered: '另一個標籤頁沒有回應。請找到並關閉它，再點一次。',
  },
  failed: {
    title: '打不開本機數據',
    advice:
      '數據沒有被刪除。請先重試；仍不行請完全關閉瀏覽器再打開。不要清除瀏覽器數據，並聯繫總部。',
    retry: '重試',
    reload: '重新載入頁面',
  },
  unsupported: {
    title: '這個瀏覽器不能保存數據',
    advice: '請使用新版 Chrome、Edge 或 Safari,並不要使用無痕模式。',
    insecureTitle: '地址不安全，無法使用',
    insecure: '請使用總部提供的 https:// 開頭的地址打開。',
  },
}

export const en: typeof zh = {
  opening: 'Opening the data on this phone…',
  elsewhere: {
    title: 'Open in another tab',
    advice: 'Only one tab at a time can use it, so that the data stays whole.',
    take: 'Use it here',
    asking: 'Asking the other tab to let go…',
    unanswered: 'The other tab did not answer. Find it, close it, and tap again.',
  },
  failed: {
    title: 'The data on this phone cannot be opened',
    advice:
      'Nothing was deleted. Try again first; if it persists, close the browser completely and open it again. Do not clear the browser’s data, and contact headquarters.',
    retry: 'Try again',
    reload: 'Load the page again',
  },
  unsupported: {
    title: 'This browser cannot keep data',
    advice: 'Use a recent Chrome, Edge or Safari, and no private window.',
    insecureTitle: 'This address is not secure',
    insecure: 'Open the address starting with https:// that headquarters gave you.',
  },
}
