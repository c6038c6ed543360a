// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTasks
import ClinicalTypes
import DocumentPipeline
import DurableFiles
import Evaluation
import Faults
import Foundation
import Recipes

/// `shokenctl evaluate rows`: a bundle's figures on a site's own labelled rows.
struct EvaluateRowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rows",
        abstract: "Measure a bundle on a site's own labelled rows.",
        discussion: """
            FILE has rows as `train tune` reads them: JSON lines, or a table (.csv, .tsv, .txt). They are not \
            to be rows that the model has learnt from.

            --asks spans: "text" and "spans" [{"start","end","label"}], in Unicode scalars, the end not included, and \
            "annotated" where not all labels were looked for. Labels are disease, drug and dose, d, m-key and m-val, or \
            these with a certainty (disease_negative). Where no label names one, mentions of any certainty count, \
            or those of --certainty.
            --asks t, n, m: "text" and "label", a category such as T2a, or none.
            --asks a symptom: "text" and "label", yes or no.
            --asks similarity: "text", "second" and "label", 0 to 5.

            Strict F1 counts places whose start and end agree, overlap F1 those that share a character, exact F1 \
            is the mean over rows of the F1 of the strings. Kappa of similarity is linear-weighted. Intervals \
            are those of 1000 draws of the texts.

            With --json: {"model","asked"} with "spans":{"rows","figures":[{"label","gold","found",\
            "strictPrecision","strictRecall","strictF1","overlapF1","exactF1","intervals"}],"confusion"} or \
            "classes":{"rows","accuracy","kappa","balancedAccuracy","balancedKappa","classes","confusion",\
            "intervals"}.
            """)

    @Option(help: ArgumentHelp("The file with the rows.", valueName: "file"))
    var data: String

    @Option(
        help: ArgumentHelp(
            "A bundle's name or folder (default: the active one).", valueName: "name|dir"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "What the rows ask: spans, t, n, m, similarity, or a symptom by its name.",
            valueName: "what"))
    var asks = "spans"

    @Option(help: "Kind of the documents: \(DocumentKind.listed).")
    var kind: DocumentKind = .nursing

    @Option(
        help: ArgumentHelp(
            "Count only mentions of these certainties, with commas between, where labels name none.",
            valueName: "a,b"))
    var certainty: String?

    @Option(
        help: ArgumentHelp(
            "Write what was found in each row, for evaluate compare.", valueName: "file"))
    var predictions: String?

    @Option(help: ArgumentHelp("Write the figures as a page, too.", valueName: "file"))
    var html: String?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        _ = try question()
        _ = try certainties()
        if certainty != nil, asks != "spans" {
            throw ValidationError("--certainty is for --asks spans")
        }
    }

    private func question() throws -> RowQuestion {
        guard let question = RowQuestion(asks) else {
            throw ValidationError(
                "--asks: \(asks) is none of \(RowQuestion.names.joined(separator: ", "))")
        }
        return question
    }

    private func certainties() throws -> Set<Certainty>? {
        guard let certainty else { return nil }
        return Set(
            try certainty.split(separator: ",", omittingEmptySubsequences: false).map { name in
                guard let found = Certainty(rawValue: String(name)) else {
                    let names = Certainty.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--certainty: \(name) is none of \(names)")
                }
                return found
            })
    }

    func run() throws {
        let question = try question()
        let rows = try LabelledTextFile(question.form).read(
            URL(filePath: data), name: URL(filePath: data).lastPathComponent)
        guard !rows.isEmpty else { throw CommandFailure(.badData, "\(data) has no rows") }
        // Labels are read before the model, which may take minutes.
        let asked = try AskedRows(rows, question, certainties: certainties())
        let bundle = try options.bundle(model)
        let loaded = try options.load(bundle)
        let file = try predictions.map {
            try PredictionFile(
                $0,
                setting: [
                    "model": bundle.manifest.name, "digest": String(bundle.sha256.prefix(16)),
                    "answers": "heads", "asked": asks, "kind": kind.rawValue,
                    "certainty": certainty ?? "any",
                ])
        }
        let bar = ProgressBar()
        defer { bar.finish() }
        let answers = try asked.answers(of: loaded, kind: kind) { done in
            bar.show(
                "rows", Double(done) / Double(rows.count), detail: ", \(done) of \(rows.count)")
        }
        bar.finish()
        if let file {
            for (number, answer) in answers.enumerated() {
                let prediction = asked.prediction(number, answer)
                guard
                    try file.prediction(
                        task: asks, row: number, question: prediction.question ?? "") == nil
                else { continue }
                try file.append(prediction)
            }
            try file.flush()
        }
        let report = asked.report(answers, model: bundle.manifest.name)
        if let html { try writePage(report.page, to: html) }
        if options.json { try printJSON(report) } else { report.print() }
    }
}

/// What rows ask a bundle.
enum RowQuestion: Hashable {
    case spans
    case axis(TNMAxis)
    case symptom(Symptom)
    case similarity

    /// By its name.
    init?(_ name: String) {
        switch name {
        case "spans": self = .spans
        case "similarity": self = .similarity
        default:
            if let axis = TNMAxis.allCases.first(where: { $0.rawValue.lowercased() == name }) {
                self = .axis(axis)
            } else if let symptom = Symptom(rawValue: name) {
                self = .symptom(symptom)
            } else {
                return nil
            }
        }
    }

    /// All names.
    static var names: [String] {
        ["spans", "similarity"] + TNMAxis.allCases.map { $0.rawValue.lowercased() }
            + Symptom.allCases.map(\.rawValue)
    }

    /// What rows must say.
    var form: LabelledTextFile.Form {
        switch self {
        case .spans: .spans
        case .axis, .symptom: .label(isPair: false)
        case .similarity: .label(isPair: true)
        }
    }
}
