package campaign

import "strings"

// Names are put together from syllables. Counties and the city stand in no
// gazetteer; villages are of the kind that exists everywhere.

func countyNames() []string {
	return strings.Fields(`霽川縣 硯嶺縣 槐汀縣 泊雲縣 岫原縣 楓塘市 澹湖縣 鶴陂縣 芷坪縣
		鷺汀區 梔園區`)
}

// products joins each first part with each second.
func products(firsts, seconds []string, suffix string) []string {
	var out []string
	for _, first := range firsts {
		for _, second := range seconds {
			out = append(out, first+second+suffix)
		}
	}
	return out
}

func townshipNames() []string {
	return products(
		strings.Split("石白青柳松梅竹古新長平高沙清雙楓桐荷杏蘆", ""),
		strings.Split("埠橋塘灣坪嶺崗溪渡營堡集陂圩", ""), "")
}

func villageNames() []string {
	return append(products(
		strings.Split("上下前後東西南北大小新老石白青黃柳桃杏棗槐楓竹荷井泉雙平長高", ""),
		strings.Split("塘壩坪灣溝坡嶺埡橋埠圩窪崗坳墩寨溪坎", ""), "村"),
		products(surnames()[:40], strings.Fields(`家灣 家坪 家壩 家溝 家坡 家崗 家店 家圩 家院 家莊
			家埡 家塘`), "村")...)
}

func communityNames() []string {
	return products(
		strings.Fields("春曉 文昌 興民 濱河 學府 東園 西苑 南湖 北關 楓林 荷風 桂苑 長樂 安和 新華"),
		[]string{"", "東", "西"}, "社區")
}

func surnames() []string {
	return strings.Split("王李張劉陳楊黃趙周吳徐孫朱馬胡郭林何高梁鄭羅宋謝唐韓曹許鄧蕭馮曾程"+
		"蔡彭潘袁于董余蘇葉呂魏蔣田杜丁沈姜范江傅鍾盧汪戴崔任陸廖姚方金邱夏譚韋賈鄒石熊孟秦閻薛侯雷龍",
		"")
}

// people are what names of persons are made of: plausible, and yet nobody known
// has such a name. Hence the unusual characters, some of which also try the fonts.
type people struct{ surnames, middles, lasts []string }

func newPeople() people {
	return people{
		surnames(),
		strings.Split("嘉懷若知念望澄沐時予以南硯槐霽汀岫澹芷景承允思守", ""),
		strings.Split("舟川禾原野衡遠安寧言秋圃嶼笙笛棠松柏澍溪巖墨然堃玥喆", ""),
	}
}

func (d *dice) person() string {
	return pick(d, d.surnames) + pick(d, d.middles) + pick(d, d.lasts)
}

// cityOffices are the city's departments, without the city's name.
func cityOffices() []string {
	return strings.Fields(`財政局 民政局 教育局 人力資源和社會保障局 住房和城鄉建設局 交通運輸局 水利局
		農業農村局 商務局 文化和旅遊局 衛生健康委員會 退役軍人事務局 應急管理局 審計局 市場監督管理局
		統計局 醫療保障局 城市管理局 行政審批服務局 信訪局 林業局 生態環境局 自然資源局 發展和改革委員會
		工業和信息化局 科學技術局 司法局 體育局 鄉村振興局 機關事務管理局 檔案館 總工會 婦女聯合會
		科學技術協會 殘疾人聯合會 工商業聯合會 供銷合作社 公積金管理中心`)
}

func countyOffices() []string {
	return strings.Fields(`財政局 民政局 教育局 農業農村局 住房和城鄉建設局 衛生健康局 水利局 交通運輸局`)
}

func companies() []string {
	return strings.Fields(`水務集團 城市建設投資集團 公共交通集團 燃氣集團 糧食儲備集團 文化旅遊集團
		農業發展集團 交通投資集團 產業投資集團 環境衛生集團 路橋建設集團 融資擔保 園林綠化 停車管理
		物業服務 建築設計院 數據產業 會展服務`)
}

func citySchools() []string {
	return strings.Fields("第一中學 第二中學 實驗小學 職業技術學校 特殊教育學校")
}
