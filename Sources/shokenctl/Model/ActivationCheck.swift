// SPDX-License-Identifier: Apache-2.0
import Configuration
import DocumentPipeline
import DurableFiles
import ClinicalTypes
import Evaluation
import Foundation
import ModelBundle

/// The comparison of a model that is to be activated with the one that is, on the golden sets of both and of the site.
struct ActivationCheck {
    /// One measure of both models.
    struct Line: Encodable {
        let measure: GoldenScore.Measure
        let wanted: Int
        let candidate: Double?
        let active: Double?
    }

    /// Rows that were read.
    private(set) var rows = 0
    /// What was measured.
    private(set) var lines: [Line] = []
    /// What speaks against the candidate.
    private(set) var objections: [ActivationGate.Objection] = []
    /// Why there was no comparison with the active model; nil where there was one.
    private(set) var gap: String?

    /// Texts that are read together.
    private static let together = 8

    /// Reads the golden sets with both models. Throws `GoldenSetError`, and what the candidate throws; an active model
    /// that cannot be loaded is no reason to keep it.
    init(
        of bundle: BundleDirectory, _ candidate: LoadedModel, settings: ServiceConfiguration,
        activeName: String
    ) throws {
        let active = try? settings.registry.bundle(activeName)
        guard active?.sha256 != bundle.sha256 else {
            gap = "it is the active model"
            return
        }
        var golden = GoldenSet()
        for owner in [active, bundle].compactMap(\.self)
        where owner.manifest.files[GoldenSet.fileName] != nil {
            try golden.add(
                FilePath(owner.directory.appending(path: GoldenSet.fileName)),
                name: "\(owner.manifest.name)/\(GoldenSet.fileName)")
        }
        for path in settings.goldenSets { try golden.add(FilePath(path), name: path) }
        rows = golden.rows.count
        if golden.rows.isEmpty { gap = "there is no golden set" }

        let score = try Self.score(candidate, golden, settings)
        var former: (score: GoldenScore, tasks: Set<String>)?
        if let active {
            do {
                let model = try LoadedModel(bundle: active, settings: settings)
                former = (
                    try Self.score(model, golden, settings), Set(active.manifest.tasks.keys)
                )
            } catch {
                gap = "the active model \(activeName) cannot be loaded"
            }
        } else {
            gap = "the active model \(activeName) is not installed"
        }
        objections = ActivationGate(margin: settings.activationMargin).objections(
            to: score, tasks: Set(bundle.manifest.tasks.keys), active: former)
        lines = GoldenScore.Measure.allCases.compactMap { measure in
            let (mine, its) = (score.value(of: measure), former?.score.value(of: measure))
            guard mine != nil || its != nil else { return nil }
            return Line(
                measure: measure, wanted: score.wanted(of: measure), candidate: mine, active: its)
        }
    }

    private static func score(
        _ model: LoadedModel, _ golden: GoldenSet, _ settings: ServiceConfiguration
    ) throws -> GoldenScore {
        var score = GoldenScore()
        for start in stride(from: 0, to: golden.rows.count, by: together) {
            let rows = golden.rows[start..<min(start + together, golden.rows.count)]
            let findings = try model.annotator.findings(
                in: rows.map { ClinicalDocument(kind: $0.kind, text: $0.text) },
                plan: settings.plan)
            for (row, found) in zip(rows, findings) {
                score.add(found, for: row, asked: settings.plan(for: row.kind))
            }
        }
        return score
    }

    /// The measures as a table.
    func printTable() {
        guard !lines.isEmpty else { return }
        TextTable(
            columns: ["measure", "answers", "candidate", "active"],
            rows: lines.map { line in
                [
                    line.measure.rawValue, String(line.wanted), Self.share(line.candidate),
                    Self.share(line.active),
                ]
            }
        ).print()
    }

    private static func share(_ value: Double?) -> String {
        value.map { String(format: "%.3f", $0) } ?? "–"
    }
}
