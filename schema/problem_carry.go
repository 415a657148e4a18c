package schema

// The codes of what goes wrong with devices that leave and with what is carried by hand.
const (
	FaultWipeOrdered   = "device-wipe-ordered"
	FaultBundle        = "bundle-unreadable"
	FaultBundleKey     = "bundle-key-other"
	FaultBundleDamaged = "bundle-damaged"
	FaultBundleNewer   = "bundle-newer"
)

func carryFaults() []Fault {
	return []Fault{
		fault(FaultWipeOrdered, 403, "總部要求清除這部設備", "Headquarters has told this device to wipe itself",
			"應用會先上傳沒有送達的記錄，然後清除本機數據；如有疑問請聯繫總部。",
			"The app sends what was not sent, then wipes its data; contact headquarters if in doubt."),
		fault(FaultBundle, 422, "這不是離線包", "This is no bundle",
			"請選擇手機上「導出離線包」存下的文件，原樣上傳，不要解壓或改名成別的格式。",
			"Choose the file that the phone saved by \"Export a bundle\", as it is: not unpacked and not in another format."),
		fault(FaultBundleKey, 422, "這個離線包不是封給本總部的", "The bundle is sealed to another headquarters",
			"請確認文件來自本批次的手機，並重新複製一次；若總部換過數據庫，請用原來的數據庫導入。",
			"Make sure that it comes from a phone of this campaign, and copy it once more; if headquarters has another database by now, use the one of then."),
		fault(FaultBundleDamaged, 422, "離線包已損壞，什麼都沒有導入", "The bundle is damaged; nothing was taken",
			"請從手機或存儲卡重新複製一次。若只剩這一份，可選擇「搶救完好部分」。",
			"Copy it once more from the phone or card. If it is the only one left, choose to take what is whole of it."),
		fault(FaultBundleNewer, 422, "離線包來自更新的應用", "The bundle was made by a newer app",
			"請先升級總部的程序再導入。", "Upgrade headquarters' program, then import it."),
	}
}
