"""Words of the field: what headers, types and degrees of difficulty are called, in Chinese and in English."""

from __future__ import annotations

HEADERS = {
    "stem": """
        题干 题目 题目内容 试题内容 问题 问题内容 试题 试题题干 题目题干 题面 题目描述 题目名称 题干内容
        试题名称 试题描述 问题描述 题干描述 提问 题文 content question questiontext questioncontent questionstem stem
        questiontitle questions qst prompt title statement q questionname questionbody questiondescription item
        题 问 body sentence 考题 考题内容 考核内容 题目文本 试题文本 小题题干 子题题干 小题题目 小题内容
        topiccontent timu problem problemtext questionstr questiondesc 正文 试题正文 题目标题 试题标题 题目正文 题目主干
        题目及选项 题干及选项 题目与选项 题干与选项 试题及选项 题目和选项 题干和选项 试题内容及选项
        describe qucontent quname qutitle qns phrase questext tigan mcq
        题目叙述 试题叙述 问题文 设问 设问文 pregunta pergunta frage câuhỏi nộidungcâuhỏi вопрос 문제 질문""",
    "kind": """
        题型 题型代码 类型 题目类型 试题类型 题类 问题类型 试题题型 题目题型 题目类别 试题类别 subtype questionsubtype
        type questiontype slidetype kind qtype
        qutype typename questiontypename typetext typecn topictype tixing""",
    "part_kind": """
        小题题型 小题类型 子题题型 子题类型""",
    "answer": """
        答案 正确答案 标准答案 参考答案 正确选项 正确项 试题答案 题目答案 答案选项 正确答案选项 答案序号
        答案要点 参考要点 评分要点 答题要点 ans standardanswer correctchoice rightchoice
        answer answers correctanswer correctanswers rightanswer correct correctoption key solution
        answerindex correctindex correctanswerindex correctoptionindex correctanswertext correctoptions
        rightanswers rightoption correctindices answerindices correctanswerindices correctoptionindices daan
        zhengquedaan cankaodaan biaozhundaan
        答 right correctanswerkey answertext correcttext correctoptionkey rightoptionkey correctkey correctletter
        answerletter rightkey answerkey answerkeys answercontent
        对应答案 参考选项 答案内容 正解 正确解答 标准解答 参考解答 解答 正答 答え
        respuestacorrecta respuesta respostacorreta resposta antwort richtigeantwort đápánđúng đápán
        ответ правильныйответ 정답 답안 正确答案h awnser anwser correctawnser correctanwser
        correctarray correctanswerlist rightanswerlist correctans corans rightans
        quanswer true trueans trueanswer referenceanswer refanswer answertrue 正确答案内容""",
    "explanation": """
        解析 答案解析 整体解析 试题解析 题目解析 解释 解析说明 详解 答案说明 试题分析 解题思路 答案详解
        quanalyze quanalysis 解析内容 ai解析 answeranalysis answerexplain answerparse parse parsing
        explicación explicacion explicação erklärung giảithích объяснение 해설
        反馈 回馈 作答回馈 解说
        试题详解 题解 xiangjie jiexi daanjiexi jieshi explains exp expl why 析 explanation answerexplanation analysis
        rationale feedback correctexplanation
        explain""",
    "hint": """
        提示 题目提示 试题提示 答题提示 解题提示 hint hints tip tips clue clues""",
    "material": """
        材料 材料内容 案例 案例内容 案例材料 公共题干 共用题干 阅读材料 背景材料 题组材料 大题题干
        passage material stimulus""",
    "subject": """
        科目 学科 课程 课程名称 subject course""",
    "category": """
        知识点 章节 分类 类别 目录 试题分类 题目分类 所属章节 所属分类 所属知识点 知识点名称 章节名称
        知识模块 单元 章 category chapter knowledge knowledgepoint topic section unit""",
    "tags": """
        标签 题目标签 试题标签 关键词 关键字 tags tag labels keywords""",
    "source": """
        出处 来源 题目出处 试题出处 题目来源 试题来源 依据 出题依据 命题依据 source reference""",
    "difficulty": """
        nandu 难度 难度代码 难易度 难易程度 难度等级 难易 难度系数 试题难度 题目难度 难度级别 difficulty level
        difficultylevel""",
    "mark": """
        分值 分数 题目分值 试题分值 题目分数 本题分值 每题分值 满分 本题满分 得分上限 本题得分上限
        题目得分上限 分值上限 分数上限 最高得分 最大得分 最大分值 题目满分 试题满分 小题满分 满分值 配分 配点 maxscore
        fenzhi fenshu defen maximumscore maxpoints maxmark maxmarks score points mark marks point
        defaultmark defaultgrade""",
    "options": """
        选项 选项内容 可选项 候选项 选项描述 备选项 备选答案 题目选项 试题选项 全部选项 选项列表
        options option choices optionlist answeroptions opts choicelist xuanxiang
        选 items optionslist choiceslist answerlist answerslist optioncontents 选项组 选项集 itemlist
        selections selectlist chooselist choselist
        quoptions optionsjson questionoptions questionoptionlist answeroptionlist topicoptions optionmap
        optionsmap""",
    "blanks": """
        填空数 空数 空格数 填空个数 blankcount""",
    "ignored": """
        序号 编号 题号 id no number # question# question.no index 题库id 题库编号 试题id 题目id questionid 题库 备注
        创建时间 更新时间 图片 附件 排序 bank remark note notes sort order""",
}
"""What a column is called, by its role."""

KINDS = {
    "choice": """
        选择 选择题 xuanze xuanzeti choice select mc mcq mcqs multiplechoice multichoice multiplechoicequestion
        pickanswer""",
    "single_choice": """
        单选 单选题 单项选择 单项选择题 单项 单 single singlechoice single_choice radio singleselect
        multiplechoicesingle oneanswer singleanswer mcqsingle singlemcq singlecorrect
        mcqsinglecorrect ss sc scq tmc danxuan danxuanti selectone oneoftwo radiobutton radiobuttons a1 a2 a1型 a2型
        a1型题
        a2型题 a1/a2型题 a型题 最佳选择
        最佳选择题 a3型题 a4型题 a3/a4型题 b型题 b1型题 配伍选择题""",
    "multiple_choice": """
        多选 多选题 复选 复选题 多项选择 多项选择题 多项 不定项 不定项选择 不定项选择题 多 multiple multiple_choice
        multi ma mr msq checkbox checkboxes multiselect multipleselect multiresponse multipleanswer multipleanswers
        multipleresponse ms mcma tmcma x型题 multiselection selectmultiple mcqmultiple
        multiplemcq mcqmulti multiplecorrect duoxuan duoxuanti multicorrect selectmany selectall
        多重选择 多重选择题 selectallthatapply
        checkboxgroup mcqmultiplecorrect manychoice""",
    "true_false": """
        判断 判断题 判断改错 判断改错题 改错判断题 是非 是非题 对错 对错题 正误 正误题 判断正误
        判断对错 对错判断 是非判断 判定题 panduan panduanti yesno
        tf ttf truefalse true_false true/false determine judge judgement judgment boolean bool trueorfalse""",
    "fill_in": """
        填空 填空题 填充 填充题 默写 默写题 名句默写 古诗默写 古诗文默写
        tiankong tiankongti fib fill fillin fill_in fillblank fillintheblank fillintheblanks
        fillinblank blankfilling blankfill
        fillinblanks fillinmultipleblanks
        fillblanks blank blanks completion gap gapfill gaptext""",
    "essay": """
        简答 简答题 问答 问答题 论述 论述题 名词解释 名词解释题 主观 主观题 古文今译 古文今译题 翻译 翻译题
        写作 写作题 作文 作文题 材料分析 材料分析题 案例分析 案例分析题 分析题 计算 计算题 应用题 辨析题
        申论 申论题
        辨析 证明题 作图题 实操题 操作题 编程题 汉译英 英译汉 解答题 综合题 设计题 开放题 思考题 讨论题 实验题
        程序设计题 程序题 代码题 编程 案例讨论题
        jianda jiandati wenda wendati freeresponse freetext longtext textarea paragraph paragraphtext essay
        longanswer subjective
        openended openquestion openendedquestion open qa saq saqs translation writing composition
        solution proof
        detailedanswer calculation coding programming""",
    "short_answer": """
        短答 短答题 简短回答题 sa tsa shortanswer short_answer short text shorttext input text_input freeinput""",
    "numerical": """
        数值 数值题 numerical numeric number numericanswer numericresponse""",
    "matching": """
        匹配 匹配题 连线 连线题 连线匹配题 配对 配对题 配合题 连连看 matching match matchpairs""",
    "ordering": """
        排序 排序题 ordering sequence sequencing sortparagraphs sort sorting sortquestion order reorder ranking
        paixu paixuti correctorder putinorder""",
    "cloze": """
        完形填空 完形填空题 完型填空 完型填空题 选词填空 选词填空题 克漏字 克漏字题 cloze""",
    "file_upload": """
        上传 上传题 文件上传 upload fileupload file_upload""",
    "case": """
        案例 案例题 案例选择题 阅读理解 阅读理解题 共用题干 组合题 材料题 题组 题组题 case readingcomprehension
        readingpassage comprehension nested composite compound""",
    "description": """
        说明 description textonly""",
}
"""What a kind is called; `choice` is single or multiple, as its answer says."""

KINDS_OF_MEDICINE = {"A3": "single_choice", "A4": "single_choice", "B1": "single_choice", "X": "multiple_choice"}
"""Types that papers of medicine call by a letter: too short to be told anywhere but in a field of its own."""

DIFFICULTIES = {
    1: "易 简单 容易 低 很易 非常简单 easy low simple 初级 1",
    2: "较易 较简单 较容易 偏易 中下 2",
    3: "中 一般 适中 中等 普通 medium normal middle moderate 中级 3",
    4: "较难 偏难 中上 4",
    5: "难 困难 高 很难 非常难 hard difficult high 高级 5",
}
"""What a difficulty is called, from 1 easy to 5 hard."""

OPTIONS_ARE_ACCEPTED = {"fill-in-the-blank", "fill-in-the-blanks"}
"""How Quizizz calls a question whose options are all accepted as its answer (its sample workbook)."""

ASKS_FOR_SEVERAL = """
all that apply;(?:select|choose|check|mark|tick|pick|click) (?:all|every);
(?:select|choose|pick|which|what) (?:two|three|four|[234])\\b(?!-);
which of (?:these|those|them|the following)(?: [\\w-]+){0,3} are\\b;which (?:[\\w-]+ ){0,3}are\\b;
more than one answer;multiple (?:correct )?answers;several answers;多选;不定项;多项选择;选出所有;哪几;哪些;
的有\\s*(?:[（(]|$);cochez toutes;quel(?:le)?s sont;lesquel(?:le)?s;cuáles;quais;quali\\b;какие;
welche (?:[\\w-]+ ){0,3}sind\\b;
plusieurs réponses;toutes les (?:bonnes|réponses);selecciona todas;seleccione todas;marca todas;varias respuestas;
todas las (?:que|correctas|respuestas);alle (?:zutreffenden|richtigen);mehrere antworten;mehrfachauswahl;
selecione todas;marque todas;várias respostas;seleziona tutte;più risposte;выберите все;
несколько ответов;chọn tất cả;nhiều đáp án
"""
"""Words of a question that is not answered by one option, as patterns between semicolons."""

TRUE_ELSEWHERE = """
v verdadero verdadera verdadeiro verdadeira vrai wahr richtig vero правда верно истина waar prawda pravda đúng benar
doğru igaz tosi adevărat правильно صح صحيح 正しい 참 对 正确 √ ✓
"""
FALSE_ELSEWHERE = """
falso falsa faux falsch неверно неправильно ложь неправда onwaar fałsz falskt nepravda sai salah yanlış hamis fals
خطأ خاطئ 誤り 거짓 错 错误 × ✗
"""
"""True and false in files of Moodle that are not written in English."""
YES_ELSEWHERE = "да так sì sí oui ja sim evet 예"
NO_ELSEWHERE = "нет ні não non nein nee hayır 아니요"
"""Yes and no: true and false where a question can be nothing else."""

MARKS_BEHIND = """
marks? mks? points? pts? p punkte? puntos? pontos? punti баллов балла балл điểm 分
"""
"""What follows a number behind a question that tells its mark, `(2 marks)`, as patterns."""
