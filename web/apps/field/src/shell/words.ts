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
  leaving: {
    title: '總部要求清除這部手機',
    text: '正在先把沒有送達的內容上傳，最多等十分鐘，然後清除本機上的全部數據。請保持聯網，不要關閉頁面。',
    unsent: '還有 {n} 條記錄、{m} 份照片或錄音沒有送達',
    ask: '如果這不是您預料的，請立即聯繫總部。',
  },
  left: {
    title: '這部手機已清除',
    text: '按總部的要求，{when} 清除了本機上的記錄、照片、密鑰和應用文件。',
    whole: '清除之前，全部記錄和照片都已送達總部。',
    lost: '有 {n} 條記錄、{m} 份照片或錄音沒能送達，已隨之清除，無法找回。請告知總部。',
    told: '總部已收到清除完成的回報。',
    untold: '沒能把清除完成的消息告知總部，請打電話說明。',
    disk: '手機存儲芯片可能仍留有殘跡，普通人讀不到。需要徹底銷毀時，請把手機恢復出廠設置。',
    again: '重新登記這部手機',
  },
  stuck: {
    title: '清除沒有完成',
    advice: '請在瀏覽器設置中清除本網站的數據，並聯繫總部。',
  },
  lost: {
    title: '這部手機上的數據不見了',
    text: '瀏覽器清除了本應用保存在手機上的數據：手機空間不足時瀏覽器會這樣做，也可能有人清除了瀏覽數據。這不是記錄被總部刪除。',
    atHeadquarters: '總部有什麼',
    asking: '正在問總部…',
    held: '這部手機共做過 {made} 條記錄，總部已有 {n} 條。',
    remembered: '現在問不到總部。據手機 {when} 的記憶：共做過 {made} 條記錄，總部已有 {n} 條。',
    gone: '有 {n} 條沒有送達總部。',
    allHeld: '記錄全部都在總部。',
    oldest: '沒有送達的記錄最早始於 {when}。',
    photos: '有 {n} 份照片或錄音的內容沒有送達總部。照片請看手機相冊裡是否還有。',
    bundle: '{when} 導出過離線包：請把那個文件交給總部導入，裡面的記錄和照片都還在。',
    askAgain: '再問一次總部',
    next: '怎樣繼續',
    steps: {
      code: '聯繫總部領一個新的登記碼，把下面的設備編號告訴他們。',
      sync: '登記後會自動下載：總部已有的記錄全部回來。',
      redo: '沒有送達的，請憑紙質筆記和手機相冊補錄。',
      keep: '在「同步」頁請求長期保存，並把應用添加到主屏幕，以免再次發生。',
    },
    enrol: '用新登記碼登記',
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
  leaving: {
    title: 'Headquarters has told this phone to wipe itself',
    text: 'What was not sent goes first, for ten minutes at most; then all data on this phone is wiped. Stay online and keep this page open.',
    unsent: 'Not sent yet: {n} records, {m} photos or recordings',
    ask: 'If you did not expect this, contact headquarters at once.',
  },
  left: {
    title: 'This phone is wiped',
    text: 'As headquarters ordered, the records, photos, keys and the app’s files on this phone were wiped {when}.',
    whole: 'All records and photos had reached headquarters before.',
    lost: '{n} records and {m} photos or recordings could not be sent; they are gone and cannot be got back. Tell headquarters.',
    told: 'Headquarters knows that it is done.',
    untold: 'Headquarters could not be told that it is done: give them a call.',
    disk: 'Traces may be left in the phone’s memory chips, which ordinary people cannot read. Where all must be destroyed, reset the phone to its factory state.',
    again: 'Enrol this phone anew',
  },
  stuck: {
    title: 'Wiping did not come to its end',
    advice: 'Clear this site’s data in the browser’s settings, and contact headquarters.',
  },
  lost: {
    title: 'This phone has lost its data',
    text: 'The browser has cleared what this app kept on the phone: browsers do so when space is short, or somebody cleared the browsing data. Headquarters has not deleted anything.',
    atHeadquarters: 'What headquarters has',
    asking: 'Asking headquarters…',
    held: 'This phone made {made} records; headquarters has {n} of them.',
    remembered:
      'Headquarters cannot be asked now. As this phone remembers ({when}): {made} records made, {n} of them at headquarters.',
    gone: '{n} did not reach headquarters.',
    allHeld: 'All of them are at headquarters.',
    oldest: 'The oldest that did not reach it is of {when}.',
    photos:
      'The content of {n} photos or recordings did not reach headquarters. Look for the photos in the phone’s gallery.',
    bundle:
      'A bundle was exported {when}: give that file to headquarters, the records and photos in it are safe.',
    askAgain: 'Ask headquarters again',
    next: 'How to go on',
    steps: {
      code: 'Ask headquarters for a new enrolment code, and tell them the device id below.',
      sync: 'After enrolling, what headquarters has comes back by itself.',
      redo: 'What did not reach it: record it again from your notes and the gallery.',
      keep: 'On the sync page ask the browser to keep the data, and add the app to the home screen, so that it does not happen again.',
    },
    enrol: 'Enrol with a new code',
  },
}
