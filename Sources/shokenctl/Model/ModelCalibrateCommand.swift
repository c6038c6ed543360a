// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Evaluation
import Foundation
import HeadTraining
import JSONFiles
import ModelBundle

/// `shokenctl model calibrate`: gives a bundle what makes probabilities of its scores.
struct ModelCalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract:
            "Fit maps from a model's scores to probabilities, and write them into its bundle.",
        discussion: """
            The answers are those of `shokenctl evaluate folds --predictions`, of models made as this one \
            without a fold each. How a map is fitted is chosen by the answers, and ECE AFTER is measured on \
            folds that had no part in fit and choice. The order of a type's scores stays, and so do the \
            answers. Mentions of a type below REVIEW BELOW are for review; PRECISION is the part of the others \
            that was right, measured alike. Within a type RANKING AFTER is not of one map but of those of all folds \
            together; the map itself changes no order.
            With --json: {"rows":[{"task","type","kind","map","before","after","review":{"below",\
            "precision","reviewedShare"}}],"sha256"}; before and after as `evaluate reliability` has them.
            """)

    @Option(help: ArgumentHelp("The bundle's directory.", valueName: "dir"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "A file of held-out answers; may stand several times.", valueName: "file"))
    var predictions: [String]

    @Option(
        help: ArgumentHelp(
            """
            Of the mentions of a type (disease, drug or dose) that are not for review, this part is to be right; \
            may stand several times. A type that is not named gets no threshold.
            """, valueName: "type=part"))
    var precision: [String] = []

    @Option(
        help: ArgumentHelp("Give the bundle this version.", valueName: "version"))
    var bundleVersion: String?

    @Flag(name: .customLong("dry-run"), help: "Print the figures and change nothing.")
    var isDryRun = false

    @OptionGroup var common: CommonOptions

    func validate() throws { _ = try wanted }

    private var wanted: [EntityType: Double] {
        get throws {
            var wanted: [EntityType: Double] = [:]
            for text in precision {
                let parts = text.split(separator: "=", omittingEmptySubsequences: false)
                guard parts.count == 2, let type = EntityType(rawValue: String(parts[0])),
                    let part = Double(parts[1]), part > 0, part < 1
                else {
                    let types = EntityType.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError(
                        "--precision takes TYPE=PART: one of \(types), and a number between 0 and 1"
                    )
                }
                wanted[type] = part
            }
            return wanted
        }
    }

    private struct Output: Encodable {
        let rows: [CalibrationReport.Row]
        /// Of the written bundle; nil where nothing was written.
        let sha256: String?
    }

    func run() throws {
        let bundle = try BundleDirectory(directory: URL(filePath: model))
        try bundle.verify()
        let answers = try predictions.flatMap { try HeldOutAnswer.read(URL(filePath: $0)) }
        let report = try CalibrationReport(answers, precision: wanted)
        var written: BundleDirectory?
        if !isDryRun {
            var manifest = bundle.manifest
            manifest.calibration = try JSONDecoder().decode(
                JSONValue.self, from: JSONEncoder.sorted().encode(report.calibration))
            if let bundleVersion { manifest.version = bundleVersion }
            written = try bundle.replacingManifest(
                manifest, card: ModelCard(manifest: manifest).text)
        }
        if common.json {
            return try printJSON(Output(rows: report.rows, sha256: written?.sha256))
        }
        report.table.print()
        if let written {
            print("\(written.manifest.name) \(written.manifest.version): card and manifest written")
        }
    }
}

extension CalibrationReport {
    /// The figures for people.
    fileprivate var table: TextTable {
        func text(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        return TextTable(
            columns: [
                "TASK", "ANSWER", "ANSWERS", "MAP", "ECE BEFORE", "AFTER", "WIDTH BEFORE", "AFTER",
                "BY CHANCE", "RANKING BEFORE", "AFTER", "REVIEW BELOW", "PRECISION", "FOR REVIEW",
            ],
            rows: rows.map { row in
                [row.task, row.type, "\(row.before.count)", row.kind?.rawValue ?? "-"]
                    + [
                        row.before.errorByCount, row.after.errorByCount, row.before.errorByWidth,
                        row.after.errorByWidth, row.after.errorByChance, row.before.ranking,
                        row.after.ranking, row.review?.below,
                        row.review?.precision, row.review?.reviewedShare,
                    ].map(text)
            })
    }
}
