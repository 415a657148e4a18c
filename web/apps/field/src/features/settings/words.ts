/** The words of the settings. */

export const zh = {
  title: '設置',
  language: '語言',
  about: '關於',
  aboutText:
    '離線優先的現場核查：無網絡時記錄存於本機，有網絡時與總部合併。每一條記錄都有簽名，不會丟失，也不會被悄悄改動。',
}

export const en: typeof zh = {
  title: 'Settings',
  language: 'Language',
  about: 'About',
  aboutText:
    'Offline-first field inspection: without a network records stay on this phone, with one they merge with headquarters. Every record is signed; none is lost or changed in silence.',
}
