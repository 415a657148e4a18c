/** The words of the settings. */

export const zh = {
  title: '設置',
  permissions: {
    title: '手機權限',
    state: { granted: '已允許', denied: '已拒絕', prompt: '還沒問過', unknown: '瀏覽器未告知' },
    ask: '請求允許',
    denied: '瀏覽器已記住「不允許」，應用不能再問。請照下面的步驟改：',
    geolocation: {
      title: '定位',
      why: '記錄發現的位置、到場位置，計算距離。',
      without: '沒有定位也能記錄，只是不帶位置。',
    },
    camera: {
      title: '相機',
      why: '掃見證碼。拍照用手機自帶的相機，不需要此權限。',
      without: '不允許也能拍照；見證碼可以貼文字。',
    },
    microphone: {
      title: '麥克風',
      why: '訪談錄音、語音記錄。',
      without: '不錄音也能完成訪談。',
    },
    steps: {
      android: {
        first: '點地址欄左邊的圖標（或「⋮」→「設置」→「網站設置」）。',
        then: '打開「權限」，把「{what}」改為「允許」。若是桌面圖標打開的：長按圖標→「應用信息」→「權限」。',
        last: '回到這裡，狀態會自動更新；仍是「已拒絕」就重新打開應用。',
      },
      ios: {
        first:
          '在 Safari 點地址欄左邊的「大小」→「網站設置」；從主屏幕打開的請到「設置」→「隱私與安全性」。',
        then: '把「{what}」改為「允許」。',
        last: '完全關閉應用再打開。',
      },
      wechat: {
        first: '不要在微信裡使用：點右上角「…」→「在瀏覽器打開」。',
        then: '在瀏覽器裡允許「{what}」。',
        last: '以後都從瀏覽器或主屏幕圖標打開；在微信裡保存的數據帶不過去，請先在這裡同步。',
      },
      desktop: {
        first: '點地址欄左邊的圖標。',
        then: '把「{what}」改為「允許」。',
        last: '重新載入頁面。',
      },
    },
  },
  language: '語言',
  letters: '字體大小',
  about: '關於',
  aboutText:
    '離線優先的現場核查：無網絡時記錄存於本機，有網絡時與總部合併。每一條記錄都有簽名，不會丟失，也不會被悄悄改動。',
}

export const en: typeof zh = {
  title: 'Settings',
  permissions: {
    title: 'Permissions',
    state: { granted: 'Allowed', denied: 'Denied', prompt: 'Not asked', unknown: 'Not told' },
    ask: 'Ask for it',
    denied: 'The browser remembers “not allowed”, and the app cannot ask again. To change it:',
    geolocation: {
      title: 'Location',
      why: 'Where findings are and where you arrived, and distances.',
      without: 'Records work without it; they have no place then.',
    },
    camera: {
      title: 'Camera',
      why: 'For scanning mirrors’ codes. Photos are taken by the phone’s own camera and do not need it.',
      without: 'Photos work without it; a mirror’s text can be pasted.',
    },
    microphone: {
      title: 'Microphone',
      why: 'For recording interviews and voice notes.',
      without: 'Interviews work without sound.',
    },
    steps: {
      android: {
        first: 'Tap the mark left of the address (or “⋮”, Settings, Site settings).',
        then: 'Open Permissions and allow “{what}”. If the app was opened from the home screen: long-press its icon, App info, Permissions.',
        last: 'Come back here; the state follows by itself. If it stays denied, open the app anew.',
      },
      ios: {
        first:
          'In Safari tap “aA” left of the address, Website Settings; for an app on the home screen open Settings, Privacy & Security.',
        then: 'Allow “{what}”.',
        last: 'Close the app completely and open it again.',
      },
      wechat: {
        first: 'Do not use it inside WeChat: tap “…” in the corner and open it in the browser.',
        then: 'Allow “{what}” there.',
        last: 'Always open it from the browser or the home screen. What was saved inside WeChat stays there: sync here first.',
      },
      desktop: {
        first: 'Click the mark left of the address.',
        then: 'Allow “{what}”.',
        last: 'Load the page again.',
      },
    },
  },
  language: 'Language',
  letters: 'Size of letters',
  about: 'About',
  aboutText:
    'Offline-first field inspection: without a network records stay on this phone, with one they merge with headquarters. Every record is signed; none is lost or changed in silence.',
}
