"""Names in traditional or Japanese characters brought to the simplified ones in which the vocabulary is written."""

from __future__ import annotations

_PAIRS = """
    説说 択择 題题 選选 項项 類类 別别 內内 單单 複复 斷断 簡简 問问 論论 釋释 詞词 義义 說说 細细 詳详 難难
    數数 總总 階阶 節节 點点 識识 編编 號号 備备 註注 連连 線线 組组 閱阅 讀读 寫写 譯译 語语 計计 實实 驗验
    應应 資资 關关 鍵键 參参 據据 來来 圖图 聽听 學学 課课 領领 範范 圍围 順顺 測测 試试 練练 習习 證证 結结
    構构 個个 條条 開开 創创 綜综 評评 頁页 當当 處处 從从 兩两 標标 準准 確确 錯错 對对 誤误 幹干 敘叙 體体
    謎谜 鑑鉴 檔档 傳传 擇择 獨独 隨随 獎奖 時时 間间 無无 暫暂 適适 滿满 認认 價价 訊讯 與与 為为 擋挡 觀观
    賞赏 檢检 視视 併并 戰战 議议 異异 屬属 該该 場场 歸归 納纳 員员 級级 歷历 術术 專专 業业 顯显 庫库 錄录
    執执 碼码 頭头 後后 將将 請请 雙双 東东 車车 國国 會会 長长 門门 過过 還还 這这 進进 運运 沒没 現现 發发
"""
_SIMPLIFIED = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}


def simplified(name: str) -> str:
    """A name with the characters that occur in names of columns, types and verdicts as the vocabulary writes them.

    For telling what a name means only: a question's own texts stay as they are.
    """
    return name.translate(_SIMPLIFIED)
