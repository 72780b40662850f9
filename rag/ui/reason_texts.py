"""The reasons why articles could not be read, each with its words in the page's three languages."""

from __future__ import annotations

from typing import Final, NamedTuple


class ReasonTexts(NamedTuple):
    """A reason as the code gives it, and as its readers read it. `{...}` is a group's value."""

    pattern: str
    en: str
    hans: str
    hant: str


_WHERE: Final = (
    ReasonTexts(
        r"line (?P<number>\d+): (?P<rest>.+)",
        "Line {number}: {rest}",
        "第 {number} 行：{rest}",
        "第 {number} 行：{rest}",
    ),
    ReasonTexts(
        r"behind a redirect: (?P<rest>.+)",
        "The address leads on to another one. {rest}",
        "该网址会跳转到另一个网址。{rest}",
        "該網址會跳轉到另一個網址。{rest}",
    ),
)

_FILES: Final = (
    ReasonTexts(
        r"expected one of (?P<known>.+), found (?:no suffix|(?P<found>.+)): convert the file",
        "Files of this kind can’t be read. These can: {known}",
        "无法读取这种格式的文件。支持的格式：{known}",
        "無法讀取這種格式的檔案。支援的格式：{known}",
    ),
    ReasonTexts(
        r"expected a regular file, found a device or pipe: .+",
        "This is a device, not a file. Copy its content into a file.",
        "这是设备，不是文件。请把内容复制到文件中。",
        "這是裝置，不是檔案。請把內容複製到檔案中。",
    ),
    ReasonTexts(
        r"expected an article, found an empty file: .+",
        "The file is empty.",
        "文件是空的。",
        "檔案是空的。",
    ),
    ReasonTexts(
        r"expected an article, found only white space: .+",
        "There is no text in the file, only white space.",
        "文件中没有文字，只有空白。",
        "檔案中沒有文字，只有空白。",
    ),
    ReasonTexts(
        r"expected articles, found questions: .+",
        "These are questions for an evaluation, not articles. Choose the file under “Look”.",
        "这是用于评测的问题，不是文章。请在“概览”中选择该文件。",
        "這是用於評測的問題，不是文章。請在「概覽」中選擇該檔案。",
    ),
    ReasonTexts(
        r"expected at most (?P<most>[\d,]+) bytes of text, found (?P<found>.+): split the file",
        "The file is too large: it holds {found} bytes of text, and at most {most} can be read. "
        "Split it.",
        "文件过大：含 {found} 字节文字，上限为 {most} 字节。请拆分文件。",
        "檔案過大：含 {found} 位元組文字，上限為 {most} 位元組。請拆分檔案。",
    ),
    ReasonTexts(
        r"expected at most (?P<most>[\d,]+) bytes, found (?P<found>[\d,]+): split the file",
        "The file is too large: it has {found} bytes, and at most {most} can be read. Split it.",
        "文件过大：共 {found} 字节，上限为 {most} 字节。请拆分文件。",
        "檔案過大：共 {found} 位元組，上限為 {most} 位元組。請拆分檔案。",
    ),
    ReasonTexts(
        r"expected text(?: in .+)?, found binary data: .+",
        "This is binary data, not text. Convert it to text first.",
        "这是二进制数据，不是文字。请先转换为文本格式。",
        "這是二進位資料，不是文字。請先轉換為文字格式。",
    ),
    ReasonTexts(
        r"expected text in UTF-8, .+, found no encoding that reads: .+",
        "The text is in an unknown encoding. Save it as UTF-8.",
        "无法识别文字编码。请另存为 UTF-8。",
        "無法辨識文字編碼。請另存為 UTF-8。",
    ),
    ReasonTexts(
        r"expected a file or folder, found nothing there: .+",
        "The file is no longer there.",
        "文件已不在原处。",
        "檔案已不在原處。",
    ),
    ReasonTexts(
        r"expected a readable file, found one that you may not read: .+",
        "The server may not read this file. Change its permissions.",
        "服务器无权读取该文件。请更改文件权限。",
        "伺服器無權讀取該檔案。請更改檔案權限。",
    ),
    ReasonTexts(
        r"expected a readable file, found (?P<found>.+): check the disk",
        "The file could not be read ({found}). Check the disk.",
        "无法读取文件（{found}）。请检查磁盘。",
        "無法讀取檔案（{found}）。請檢查磁碟。",
    ),
    ReasonTexts(
        r"expected an article with some text in .+, found only (?P<size>.+) characters of hidden "
        r"text: .+",
        "There is no visible text, only {size} hidden characters.",
        "没有可见文字，只有 {size} 个隐藏字符。",
        "沒有可見文字，只有 {size} 個隱藏字元。",
    ),
    ReasonTexts(
        r"expected an article with some text in .+, found .+: .+",
        "There is no article text in it.",
        "其中没有文章正文。",
        "其中沒有文章正文。",
    ),
    ReasonTexts(
        r"expected a page with style rules for its own elements, found more .+",
        "The page has too many style rules to be read. Save its text alone.",
        "网页的样式规则过多，无法读取。请只保存其文字。",
        "網頁的樣式規則過多，無法讀取。請只儲存其文字。",
    ),
    ReasonTexts(
        r"expected an open PDF, found an encrypted one: .+",
        "The PDF has a password. Save it without one.",
        "该 PDF 设有密码。请另存为无密码的文件。",
        "該 PDF 設有密碼。請另存為無密碼的檔案。",
    ),
    ReasonTexts(
        r"expected a PDF file, found a damaged one \(.*\): .+",
        "The PDF is damaged. Save it anew.",
        "该 PDF 已损坏。请重新保存。",
        "該 PDF 已損毀。請重新儲存。",
    ),
    ReasonTexts(
        r"expected a PDF with text, found only pictures: .+",
        "The PDF holds only pictures. Recognise its text first (OCR).",
        "该 PDF 只有图片。请先做文字识别（OCR）。",
        "該 PDF 只有圖片。請先做文字辨識（OCR）。",
    ),
    ReasonTexts(
        r"expected a DOCX file, found an encrypted or old Word file: .+",
        "This is an old Word file, or one with a password. Save it as DOCX without one.",
        "这是旧版 Word 文件，或设有密码。请另存为无密码的 DOCX。",
        "這是舊版 Word 檔案，或設有密碼。請另存為無密碼的 DOCX。",
    ),
    ReasonTexts(
        r"expected a DOCX file, found a damaged one: .+",
        "The Word file is damaged. Save it anew.",
        "该 Word 文件已损坏。请重新保存。",
        "該 Word 檔案已損毀。請重新儲存。",
    ),
)

_ROWS: Final = (
    ReasonTexts(
        r"expected one JSON object a line, found none: .+",
        "There are no articles in the file: it needs one JSON object a line.",
        "文件中没有文章：应每行一个 JSON 对象。",
        "檔案中沒有文章：應每行一個 JSON 物件。",
    ),
    ReasonTexts(
        r"expected a row of at most (?P<most>.+) bytes, found a longer one: .+",
        "The row is too long: at most {most} bytes can be read. Split it.",
        "这一行过长：上限为 {most} 字节。请拆分。",
        "這一行過長：上限為 {most} 位元組。請拆分。",
    ),
    ReasonTexts(
        r"expected UTF-8, found other bytes: .+",
        "This is not UTF-8. Save the file as UTF-8.",
        "不是 UTF-8 编码。请把文件另存为 UTF-8。",
        "不是 UTF-8 編碼。請把檔案另存為 UTF-8。",
    ),
    ReasonTexts(
        r"expected a JSON object, found .+: .+",
        "This is not a JSON object. Write one object a line.",
        "不是 JSON 对象。请每行写一个对象。",
        "不是 JSON 物件。請每行寫一個物件。",
    ),
    ReasonTexts(
        r'expected a "text" with words, found .+: .+',
        "There is no text under “text”. Put the article there.",
        "“text” 中没有文字。请把文章放在那里。",
        "「text」中沒有文字。請把文章放在那裡。",
    ),
    ReasonTexts(
        r'expected a string for "(?P<name>.+)", found .+: .+',
        "“{name}” has to be a string.",
        "“{name}” 应为字符串。",
        "「{name}」應為字串。",
    ),
    ReasonTexts(
        r"expected an id of its own, found the one of line (?P<number>.+): .+",
        "It has the same id as line {number}. Give each row its own.",
        "id 与第 {number} 行相同。请使每行的 id 各不相同。",
        "id 與第 {number} 行相同。請使每行的 id 各不相同。",
    ),
    ReasonTexts(
        r"expected each source once, found another article of the same name before it: .+",
        "Another article of the same name came before it.",
        "前面已有同名的文章。",
        "前面已有同名的文章。",
    ),
    ReasonTexts(
        r"expected a name and an id in Unicode, found broken characters: .+",
        "Its name has broken characters. Rename it.",
        "名称含有损坏的字符。请重新命名。",
        "名稱含有損壞的字元。請重新命名。",
    ),
)

_SENT: Final = (
    ReasonTexts(
        r"expected a file's name of at most (?P<most>\d+) bytes within (?P<depth>\d+) folders, "
        r"found .+: rename it",
        "The file’s name can’t be used: it may have at most {most} bytes, within {depth} folders. "
        "Rename it.",
        "无法使用该文件名：最长 {most} 字节，最多 {depth} 层文件夹。请重新命名。",
        "無法使用該檔名：最長 {most} 位元組，最多 {depth} 層資料夾。請重新命名。",
    ),
    ReasonTexts(
        r"expected a name of its own, found that it would be kept in the place of (?P<other>.+): "
        r".+",
        "It would be kept under the same name as {other}. Rename it.",
        "保存时会与 {other} 同名。请重新命名。",
        "儲存時會與 {other} 同名。請重新命名。",
    ),
    ReasonTexts(
        r"expected room for the file, found (?P<found>.+): .+",
        "The server could not keep the file ({found}). Check its disk.",
        "服务器无法保存文件（{found}）。请检查其磁盘。",
        "伺服器無法儲存檔案（{found}）。請檢查其磁碟。",
    ),
    ReasonTexts(
        r"expected a place for the file, found (?P<found>.+): .+",
        "The file can’t be kept under this name ({found}). Rename it.",
        "无法以此名称保存文件（{found}）。请重新命名。",
        "無法以此名稱儲存檔案（{found}）。請重新命名。",
    ),
    ReasonTexts(
        r"expected one file, found .+: .+",
        "One file is needed. Send it again.",
        "需要一个文件。请重新发送。",
        "需要一個檔案。請重新傳送。",
    ),
    ReasonTexts(
        r"expected files that are being sent, found none: .+",
        "What was sent is no longer there. Send it again.",
        "发送的内容已不存在。请重新发送。",
        "傳送的內容已不存在。請重新傳送。",
    ),
)

_WEB: Final = (
    ReasonTexts(
        r"expected one web address, found words with spaces between: .+",
        "This can’t be a web address: it has spaces in it. Give one address a line.",
        "这不是网址：其中有空格。请每行填写一个网址。",
        "這不是網址：其中有空格。請每行填寫一個網址。",
    ),
    ReasonTexts(
        r"expected at most (?P<most>.+) web addresses at once, found more: .+",
        "At most {most} web addresses are read at once. Give this one again.",
        "一次最多读取 {most} 个网址。请再次添加此网址。",
        "一次最多讀取 {most} 個網址。請再次加入此網址。",
    ),
    ReasonTexts(
        r"expected a web address(?: with a host)?, found none .+",
        "This can’t be a web address. Check it.",
        "这不是有效的网址。请检查。",
        "這不是有效的網址。請檢查。",
    ),
    ReasonTexts(
        r"expected an http or https address, found .+",
        "The address has to begin with https:// or http://.",
        "网址应以 https:// 或 http:// 开头。",
        "網址應以 https:// 或 http:// 開頭。",
    ),
    ReasonTexts(
        r"expected a web address without a user name, found one before the @: .+",
        "The address has a user name before the @. Leave it out.",
        "网址的 @ 前有用户名。请将其去掉。",
        "網址的 @ 前有使用者名稱。請將其去掉。",
    ),
    ReasonTexts(
        r"expected one of the ports (?P<known>.+), found (?P<port>.+): .+",
        "Pages at port {port} are not fetched, only at {known}. Save the page and add the file.",
        "不抓取端口 {port} 上的网页，只抓取 {known}。请保存网页后添加文件。",
        "不擷取連接埠 {port} 上的網頁，只擷取 {known}。請儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected (?P<host>.+) to be on the open internet, found it at (?P<at>.+?): .+",
        "{host} is not on the open internet, so it is not fetched. Save the page and add the file.",
        "{host} 不在公开的互联网上，因此不抓取。请保存网页后添加文件。",
        "{host} 不在公開的網際網路上，因此不擷取。請儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected a site called (?P<host>.+), found none: .+",
        "There is no site called {host}, or the server has no network.",
        "没有名为 {host} 的网站，或服务器没有联网。",
        "沒有名為 {host} 的網站，或伺服器沒有連上網路。",
    ),
    ReasonTexts(
        r"expected a certificate of (?P<host>.+) that this machine trusts, found another .+",
        "The server does not trust the certificate of {host}. Check the address.",
        "服务器不信任 {host} 的证书。请检查网址。",
        "伺服器不信任 {host} 的憑證。請檢查網址。",
    ),
    ReasonTexts(
        r"expected a secure connection to (?P<host>.+), found none: .+",
        "{host} offers no secure connection. Check the address.",
        "无法与 {host} 建立安全连接。请检查网址。",
        "無法與 {host} 建立安全連線。請檢查網址。",
    ),
    ReasonTexts(
        r"expected (?P<host>.+) to answer, found no connection: .+",
        "{host} does not answer. Try again later.",
        "{host} 没有响应。请稍后再试。",
        "{host} 沒有回應。請稍後再試。",
    ),
    ReasonTexts(
        r"expected a whole page(?: from .+)?, found .+: try again later",
        "The page broke off on its way. Try again later.",
        "网页传输中断。请稍后再试。",
        "網頁傳輸中斷。請稍後再試。",
    ),
    ReasonTexts(
        r"expected the page, found the fetch cancelled: .+",
        "Cancelled. Give the address again.",
        "已取消。请重新添加网址。",
        "已取消。請重新加入網址。",
    ),
    ReasonTexts(
        r"expected the page within (?P<seconds>.+) seconds, found it unfinished: .+",
        "The page took longer than {seconds} seconds. Try again later.",
        "网页超过 {seconds} 秒仍未传完。请稍后再试。",
        "網頁超過 {seconds} 秒仍未傳完。請稍後再試。",
    ),
    ReasonTexts(
        r"expected a page after at most .+ redirects, found another one: .+",
        "The address leads on to others without end. Check it.",
        "该网址不断跳转。请检查网址。",
        "該網址不斷跳轉。請檢查網址。",
    ),
    ReasonTexts(
        r"expected a page, found a redirect to nowhere: .+",
        "The address leads on to nowhere. Check it.",
        "该网址跳转后没有目标。请检查网址。",
        "該網址跳轉後沒有目標。請檢查網址。",
    ),
    ReasonTexts(
        r"expected a page over https, found a redirect to (?P<to>.+) over http: .+",
        "The address leads on to {to}, which is not secure. Save the page and add the file.",
        "该网址会跳转到不安全的 {to}。请保存网页后添加文件。",
        "該網址會跳轉到不安全的 {to}。請儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected an open page, found .+ \(HTTP (?:404|410)\): .+",
        "There is no such page. Check the address.",
        "没有这个网页。请检查网址。",
        "沒有這個網頁。請檢查網址。",
    ),
    ReasonTexts(
        r"expected an open page, found a log-in wall(?: \(HTTP 401\))?: .+",
        "The page asks for a log-in. Save it from your browser and add the file.",
        "网页要求登录。请用浏览器保存网页后添加文件。",
        "網頁要求登入。請用瀏覽器儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected an open page, found .+ \(HTTP 402\): .+",
        "The page has to be paid for. Save it from your browser and add the file.",
        "网页需要付费。请用浏览器保存网页后添加文件。",
        "網頁需要付費。請用瀏覽器儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected an open page, found .+ \(HTTP (?:403|451)\): .+",
        "The site refuses the page to programs. Save it from your browser and add the file.",
        "网站拒绝程序访问该网页。请用浏览器保存网页后添加文件。",
        "網站拒絕程式存取該網頁。請用瀏覽器儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected an open page, found .+ \(HTTP (?:429|5\d\d)\): .+",
        "The site has a fault, or asks for a pause. Try again later.",
        "网站出错，或要求稍候。请稍后再试。",
        "網站出錯，或要求稍候。請稍後再試。",
    ),
    ReasonTexts(
        r"expected an open page, found .+ \(HTTP (?P<status>.+)\): .+",
        "The site gives no page at this address (HTTP {status}). Check it.",
        "该网址没有网页（HTTP {status}）。请检查网址。",
        "該網址沒有網頁（HTTP {status}）。請檢查網址。",
    ),
    ReasonTexts(
        r"expected a page as it is or in gzip, found .+: .+",
        "The page is packed in a way that can’t be read. Save it from your browser and add the "
        "file.",
        "无法解压该网页。请用浏览器保存网页后添加文件。",
        "無法解壓縮該網頁。請用瀏覽器儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected at most (?P<most>.+) bytes, found more: .+",
        "The page is too large: at most {most} bytes can be read.",
        "网页过大：上限为 {most} 字节。",
        "網頁過大：上限為 {most} 位元組。",
    ),
    ReasonTexts(
        r"expected an article, found an empty page: .+",
        "The page is empty. Check the address.",
        "网页是空的。请检查网址。",
        "網頁是空的。請檢查網址。",
    ),
    ReasonTexts(
        r"expected an article, found a page with next to no text, .+",
        "There is next to no text on the page: scripts make it, or it asks for a log-in. Save it "
        "from your browser and add the file.",
        "网页上几乎没有文字：可能由脚本生成，或要求登录。请用浏览器保存网页后添加文件。",
        "網頁上幾乎沒有文字：可能由指令碼產生，或要求登入。請用瀏覽器儲存網頁後加入檔案。",
    ),
    ReasonTexts(
        r"expected HTML, text, Markdown or PDF, found .+: .+",
        "The page is neither HTML nor text nor PDF. Save it as one of those.",
        "该网页不是 HTML、文本或 PDF。请另存为其中一种。",
        "該網頁不是 HTML、文字或 PDF。請另存為其中一種。",
    ),
)

_INDEX: Final = (
    ReasonTexts(
        r"expected an article of the collection, found none: .+",
        "That article is no longer here.",
        "这篇文章已不在这里。",
        "這篇文章已不在這裡。",
    ),
    ReasonTexts(
        r"expected a file or a web address to read again, found a text that was sent: .+",
        "This text has no file or web address to be read again from.",
        "这篇文章没有可重新读取的文件或网址。",
        "這篇文章沒有可重新讀取的檔案或網址。",
    ),
    ReasonTexts(
        r"expected to read the articles, found an unexpected error: .+",
        "Something went wrong while the articles were read. The server’s log says more.",
        "发生意外错误，详见服务器日志。",
        "發生意外錯誤，詳見伺服器記錄。",
    ),
    ReasonTexts(
        r"expected to be the only writer of .+, found another at work: .+",
        "Another program is writing to this index. Try again when it has ended.",
        "另一程序正在写入该索引。请待其结束后再试。",
        "另一程式正在寫入該索引。請待其結束後再試。",
    ),
    ReasonTexts(
        r"expected to write in .+, found (?P<found>.+?): .+",
        "The server could not write to its disk ({found}). Check the disk and its permissions.",
        "服务器无法写入磁盘（{found}）。请检查磁盘及其权限。",
        "伺服器無法寫入磁碟（{found}）。請檢查磁碟及其權限。",
    ),
)

REASONS: Final = (*_WHERE, *_FILES, *_ROWS, *_SENT, *_WEB, *_INDEX)
