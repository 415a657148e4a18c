/** Words of ceremonies that give the keys of sites. */
export const zh = {
  modeNote: {
    desk: '組裡打電話報名冊碼，值班席記下之後再念開啟碼。',
    envelope: '沒有網絡時，見證人看著名冊碼寫在紙上，再拆信封。',
    local: '兩者都不行時，在現場當眾擲骰。',
  },
  sites: {
    step: '交出密鑰',
    submit: '交出密鑰',
    note: '密數和骰子都齊了。現在把封好的密鑰發到各組手機。',
    title: '抽訪點密鑰',
    count: '抽訪點',
    ask: '每處訪談',
    modes: '開啟方式',
    root: '密鑰樹根',
    envelopes: '印開啟碼信封',
    desk: '去值班席',
    list: '看各抽訪點',
  },
  membersDrawn: '人員編組',
}

export const en: typeof zh = {
  modeNote: {
    desk: 'The team rings up and tells its roster code; the desk writes it down, then tells the unlock code.',
    envelope:
      'Without a network: a witness sees the roster code on paper, then opens the envelope.',
    local: 'When neither is possible: dice are thrown on site, in public.',
  },
  sites: {
    step: 'Hand out the keys',
    submit: 'Hand out the keys',
    note: 'Secrets and dice are there. Now the phones get the sealed keys.',
    title: 'Keys of sites',
    count: 'Sites',
    ask: 'People asked at each',
    modes: 'Ways of opening',
    root: 'Root of the keys',
    envelopes: 'Print envelopes',
    desk: 'To the duty desk',
    list: 'To the interviews',
  },
  membersDrawn: 'Inspectors in teams',
}
