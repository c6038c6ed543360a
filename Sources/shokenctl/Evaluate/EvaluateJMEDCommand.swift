// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import DurableFiles
import Evaluation
import DocumentPipeline
import Faults
import Foundation
import JSONFiles
import ModelBundle

/// `shokenctl evaluate jmed-llm`: the official figures of a model.
struct EvaluateJMEDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jmed-llm",
        abstract: "Answer the questions of JMED-LLM and compare with the right answers.",
        discussion: """
            DIR holds the benchmark's official files: crade.csv, rrtnm.csv, smdis.csv, jcsts.csv, \
            jmmlu_med.csv, mrner_disease.csv, mrner_medicine.csv, nrner.csv; or labelled rows of the same \
            names that end in .jsonl. A file that is not there is passed over, and the output says so.

            A bundle answers with its heads. A language model, a folder or a GGUF file, is asked in writing, in \
            the wording that `train instruct` teaches: the question, the options behind their letters; it \
            answers with a letter, or with strings, a line each. It always takes the most likely token. A string \
            counts in the document's own characters where it stands in the document.

            Kappa is linear-weighted for crade and jcsts; balanced kappa counts every right answer that occurs \
            alike. Bundles answer examination questions by likelihood under the trunk; a small one is near chance \
            there. Partial F1 is the benchmark's own figure, can exceed one, and should not be optimised; strict \
            and overlap F1 count strings by their places. Intervals are those of 1000 draws of the documents.

            A file of --predictions is gone on with where it was left: rows that it answers are not asked \
            again. One that another model made, or in another way, is an error.

            With --json: {"model","scores":[{"task","rows","documents","kappa","accuracy","balancedKappa",\
            "classes","confusion"} or {"task","rows","documents","exactF1","partialF1","strictF1","overlapF1",\
            "notInDocument"}, each with "answers","unparsed","tooLong","cut","tags","intervals"],\
            "missing":[{"task","reason"}]}.
            """)

    @Option(
        help: ArgumentHelp("The folder with the official files.", valueName: "dir"))
    var data: String

    @Option(
        help: ArgumentHelp(
            "A bundle's name or folder, or a language model's folder or GGUF file.",
            valueName: "name|dir|gguf"))
    var model: String

    @Option(
        help: ArgumentHelp(
            """
            Write every answer as a line {"task","row","prediction"}, with the right answer, what was written and \
            what answered beside it.
            """, valueName: "file"))
    var predictions: String?

    @Option(
        help: ArgumentHelp(
            "Only these tasks, with commas between their names.", valueName: "a,b,c"))
    var tasks: String?

    @Option(help: ArgumentHelp("Only the first rows of each task, for trials.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("Write the figures as a page, too.", valueName: "file"))
    var html: String?

    @OptionGroup(title: "Language models") var asking: AskingOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is a number from 1") }
        _ = try chosenTasks()
    }

    private func chosenTasks() throws -> [BenchmarkTask] {
        guard let tasks else { return BenchmarkTask.allCases }
        return try tasks.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let task = BenchmarkTask(rawValue: String(name)) else {
                let names = BenchmarkTask.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--tasks: \(name) is none of \(names)")
            }
            return task
        }
    }

    func run() throws {
        let tasks = try chosenTasks()
        let folder = URL(filePath: data, directoryHint: .isDirectory)
        // Data is read first: a model may take minutes.
        let tables = try tasks.map { task in
            try BenchmarkTable.read(task, in: folder).map { table in
                BenchmarkTable(task: task, rows: Array(table.rows.prefix(limit ?? .max)))
            }
        }
        guard tables.contains(where: { $0 != nil }) else {
            throw CommandFailure(.noInput, "\(data) holds none of the benchmark's files")
        }
        let (name, answering, setting) = try answering()
        let file = try predictions.map { try PredictionFile($0, setting: setting) }
        var report = BenchmarkReport(model: name, setting: setting.isEmpty ? nil : setting)
        for (task, table) in zip(tasks, tables) {
            guard let table else {
                report.missing.append(.init(task: task.rawValue, reason: "no file"))
                continue
            }
            if let reason = try answer(table, answering, file, &report) {
                report.missing.append(
                    .init(
                        task: task.rawValue,
                        reason: reason == .task
                            ? "the model has no such task" : "the model has no language model"))
            }
        }
        try file?.flush()
        if let html { try writePage(report.page, to: html) }
        if options.json { try printJSON(report) } else { report.print() }
    }

    /// Answers the rows of a task that the file does not, and adds the figures.
    private func answer(
        _ table: BenchmarkTable, _ answering: BenchmarkAnswering, _ file: PredictionFile?,
        _ report: inout BenchmarkReport
    ) throws -> JMEDBenchmark.Missing? {
        var found: [Int: BenchmarkPrediction] = [:]
        for row in table.rows {
            found[row.number] = try file?.prediction(
                task: table.task.rawValue, row: row.number, question: BenchmarkTable.digest(of: row)
            )
        }
        let rest = BenchmarkTable(
            task: table.task, rows: table.rows.filter { found[$0.number] == nil })
        let bar = ProgressBar()
        defer { bar.finish() }
        let missing = try answering.answer(rest) { prediction in
            found[prediction.row] = prediction
            try file?.append(prediction)
            bar.show(
                table.task.rawValue, Double(found.count) / Double(max(1, table.rows.count)),
                detail: ", \(found.count) of \(table.rows.count) rows")
        }
        if let missing { return missing }
        var score = table.score(found)
        score.answers = answering.mode(of: table.task)
        report.scores.append(score)
        return nil
    }

    private func answering() throws -> (String, BenchmarkAnswering, setting: [String: String]) {
        if AskingOptions.isLanguageModel(model) {
            let (questioning, setting) = try asking.opened(model, digests: predictions != nil)
            return (
                URL(filePath: model).lastPathComponent, .written(questioning, asking.mode), setting
            )
        }
        let bundle = try options.bundle(model)
        let given = asking.givenForLanguageModels
        guard given.isEmpty else {
            throw ValidationError(
                "\(given.joined(separator: ", ")): only for language models; \(model) is a bundle")
        }
        return (
            bundle.manifest.name, .heads(try Self.benchmark(of: bundle, options)),
            [
                "model": bundle.manifest.name, "digest": String(bundle.sha256.prefix(16)),
                "answers": "heads",
            ]
        )
    }

    /// The tasks of a bundle; its language model is read a second time for examination questions,
    /// because the annotator does not give it out.
    private static func benchmark(
        of bundle: BundleDirectory, _ options: CommonOptions
    ) throws -> JMEDBenchmark {
        let annotator = try options.load(bundle).annotator
        // A published trunk has no causal language model of words.
        var likelihood: OptionLikelihood?
        if bundle.manifest.trunk == nil,
            case .words(let tokenizer, let trunk) = try bundle.contents().trunk
        {
            likelihood = OptionLikelihood(
                tokenizer: tokenizer, trunk: trunk, analyze: annotator.analyze)
        }
        return JMEDBenchmark(
            tasks: annotator.tasks, read: annotator.readings, optionScores: likelihood?.scores)
    }
}

/// Writes a page that needs no other file.
func writePage(_ page: String, to file: String) throws {
    do {
        try DiskFiles().write(Data(page.utf8), to: FilePath(URL(filePath: file)))
    } catch {
        throw CommandFailure(.cannotCreate, "the page cannot be written: \(error.explanation)")
    }
}
