// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import Evaluation
import Faults
import Foundation

/// What both commands about examinations take.
struct ExaminationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A language model's folder or GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "Write every answer as a line, and go on with a file that is there.", valueName: "file")
    )
    var predictions: String?

    @Option(help: ArgumentHelp("Only the first questions, for trials.", valueName: "n"))
    var limit: Int?

    @OptionGroup(title: "Language models") var asking: AskingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is a number from 1") }
    }

    /// Asks all questions and prints the figures.
    func run(
        _ all: [ExaminationQuestion], task: String, wording: ExaminationQuestion.Wording
    ) throws {
        let questions = Array(all.prefix(limit ?? .max))
        guard !questions.isEmpty else { throw CommandFailure(.badData, "there are no questions") }
        guard AskingOptions.isLanguageModel(model) else {
            throw CommandFailure(
                .noInput, "\(model) is neither the folder of a language model nor a GGUF file")
        }
        let (questioning, setting) = try asking.opened(model, digests: predictions != nil)
        let file = try predictions.map { try PredictionFile($0, setting: setting) }
        var found = try questions.enumerated().map { index, question in
            try file?.prediction(task: task, row: index, question: question.digest)
        }
        let rest = questions.indices.filter { found[$0] == nil }
        let bar = ProgressBar()
        defer { bar.finish() }
        var done = questions.count - rest.count
        try questioning.answer(rest.map { questions[$0].written(wording) }) { place, answer in
            let index = rest[place]
            let prediction = questions[index].prediction(
                answer, task: task, row: index, wording)
            found[index] = prediction
            try file?.append(prediction)
            done += 1
            bar.show(
                task, Double(done) / Double(questions.count),
                detail: ", \(done) of \(questions.count) questions")
        }
        bar.finish()
        try file?.flush()
        var score = ExaminationScore(
            model: URL(filePath: model).lastPathComponent, task: task, answers: asking.mode,
            questions: questions, predictions: found.compactMap(\.self))
        score.setting = setting.isEmpty ? nil : setting
        if common.json { return try printJSON(score) }
        TextTable(
            columns: [
                "GROUP", "POINTS", "OF", "PERCENT", "95 %", "RIGHT", "QUESTIONS", "WITH IMAGE",
                "TEXT ONLY", "UNPARSED", "TOO LONG",
            ],
            rows: score.parts.map {
                [
                    $0.group, "\($0.points)", "\($0.of)", String(format: "%.1f", $0.percent),
                    $0.interval.map { String(format: "%.1f–%.1f", $0.low, $0.high) } ?? "-",
                    "\($0.right)", "\($0.questions)", "\($0.withImage)",
                    String(format: "%.1f", $0.textOnlyPercent), "\($0.unparsed)",
                    "\($0.tooLong)",
                ]
            }
        ).print()
    }
}

/// `shokenctl evaluate qa`: multiple-choice questions of any subject.
struct EvaluateQACommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qa",
        abstract: "Ask a language model multiple-choice questions.",
        discussion: """
            FILE has JSON lines (.jsonl) or a table whose first line names its columns, in Japanese or English: \
            "question"; "choices" or "options", a list, an object of letters, or in a table columns optionA, \
            optionB, …; "answer", a letter, several with commas or as a list, a choice's text, or "a or d" where \
            either will do. Besides "id", "group", "points" and "text_only". Where several choices are right, the \
            question says how many, and only all of them are right.

            A question without choices asks for a number; where letters are compared it is asked in writing.

            With --json: {"model","task","answers","parts":[{"group","questions","right","accuracy","points","of",\
            "percent","withImage","textOnlyPercent","unparsed","tooLong","cut","interval"}]}.
            """)

    @Option(help: ArgumentHelp("The file with the questions.", valueName: "file"))
    var data: String

    @OptionGroup var options: ExaminationOptions

    func run() throws {
        try options.run(
            ExaminationFile.read(URL(filePath: data)), task: "qa", wording: .instruction)
    }
}

/// `shokenctl evaluate igakuqa`: the physicians' licensing examinations of 2018 to 2022.
struct EvaluateIgakuQACommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "igakuqa",
        abstract: "Ask a language model the questions of IgakuQA.",
        discussion: """
            DIR is the folder data of the IgakuQA repository, with YEAR/EXAM-SECTION.jsonl, or one with .jsonl files of \
            questions that say their year. The questions are worded as the benchmark words them, but without its \
            three examples; questions with pictures are asked without them and count, as in its paper. All right \
            choices and no other are a right answer; questions that the examination did not count have no points.

            With --json: as of evaluate qa; the groups are the years.
            """)

    @Option(help: ArgumentHelp("The folder with the questions.", valueName: "dir"))
    var data: String

    @OptionGroup var options: ExaminationOptions

    func run() throws {
        let folder = URL(filePath: data, directoryHint: .isDirectory)
        guard
            let names = try? FileManager.default.subpathsOfDirectory(
                atPath: folder.path(percentEncoded: false))
        else { throw CommandFailure(.noInput, "\(data) is no folder that can be read") }
        let files = names.filter {
            $0.hasSuffix(".jsonl") && !$0.hasSuffix("_metadata.jsonl")
                && !$0.hasSuffix("_translate.jsonl")
        }.sorted()
        guard !files.isEmpty else {
            throw CommandFailure(.noInput, "\(data) holds no .jsonl files of questions")
        }
        let questions = try files.flatMap { name in
            let year = name.split(separator: "/").dropLast().last.map(String.init) ?? ""
            return try ExaminationFile.read(folder.appending(path: name), group: year)
        }
        try options.run(questions, task: "igakuqa", wording: .igakuQA)
    }
}
