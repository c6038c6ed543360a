// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
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
            jmmlu_med.csv, mrner_disease.csv, mrner_medicine.csv, nrner.csv. A file that is not \
            there is passed over, and the output says so. Kappa is linear-weighted for crade and \
            jcsts; balanced kappa counts every right answer that occurs alike. The examination \
            questions are answered by likelihood under the trunk; a small one is near chance there. \
            Partial F1 is the benchmark's own figure, can exceed one, and should not be optimised.
            With --json: {"model","scores":[{"task","rows","kappa","accuracy","balancedKappa"} or \
            {"task","rows","exactF1","partialF1"}],"missing":[{"task","reason"}]}.
            """)

    @Option(help: ArgumentHelp("The folder with the official CSV files.", valueName: "dir"))
    var data: String

    @Option(help: ArgumentHelp("A bundle's name or folder.", valueName: "name|dir"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "Write every answer as a line {\"task\",\"row\",\"prediction\"}.", valueName: "file"))
    var predictions: String?

    @OptionGroup var options: CommonOptions

    /// A task without figures.
    private struct MissingTask: Encodable {
        let task: String
        let reason: String
    }

    private static let noFile = "no file"

    private struct Report: Encodable {
        let model: String
        var scores: [BenchmarkScore] = []
        var missing: [MissingTask] = []
    }

    func run() throws {
        let bundle = try options.bundle(model)
        let benchmark = try Self.benchmark(of: bundle, options)
        var report = Report(model: bundle.manifest.name)
        var lines: [BenchmarkPrediction] = []
        for task in BenchmarkTask.allCases {
            let file = URL(filePath: data, directoryHint: .isDirectory)
                .appending(path: task.rawValue + ".csv")
            guard FileManager.default.fileExists(atPath: file.path) else {
                report.missing.append(MissingTask(task: task.rawValue, reason: Self.noFile))
                continue
            }
            let table = try BenchmarkTable.read(task, from: file)
            switch try benchmark.answer(table) {
            case .missing(let reason):
                report.missing.append(
                    MissingTask(
                        task: task.rawValue,
                        reason: reason == .task
                            ? "the model has no such task" : "the model has no language model"))
            case .answered(let answers):
                report.scores.append(
                    BenchmarkScore(task, gold: table.rows.map(\.answer), predictions: answers))
                lines += zip(table.rows, answers).map {
                    BenchmarkPrediction(task: task, row: $0.number, prediction: $1)
                }
            }
        }
        guard
            report.missing.count(where: { $0.reason == Self.noFile }) < BenchmarkTask.allCases.count
        else {
            throw CommandFailure(
                .noInput, "\(data) holds none of the benchmark's files")
        }
        if let predictions { try Self.write(lines, to: predictions) }
        if options.json { try printJSON(report) } else { Self.print(report) }
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

    // MARK: Output

    private static func write(_ lines: [BenchmarkPrediction], to file: String) throws {
        var content = Data()
        for line in lines {
            content += try JSONEncoder.sorted().encode(line)
            content.append(UInt8(ascii: "\n"))
        }
        do {
            try content.write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw CommandFailure(.cannotCreate, "the predictions cannot be written to \(file)")
        }
    }

    private static func print(_ report: Report) {
        func text(_ value: Double?) -> String {
            value.map { String(format: "%.4f", $0) } ?? "-"
        }
        TextTable(
            columns: [
                "TASK", "ROWS", "KAPPA", "ACCURACY", "BALANCED KAPPA", "EXACT F1", "PARTIAL F1",
            ],
            rows: report.scores.map {
                [
                    $0.task, "\($0.rows)", text($0.kappa), text($0.accuracy),
                    text($0.balancedKappa), text($0.exactF1), text($0.partialF1),
                ]
            }
        ).print()
        for task in report.missing { Swift.print("\(task.task): not answered (\(task.reason))") }
    }
}
