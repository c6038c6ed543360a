// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTasks
import ClinicalTypes
import Foundation
import JSONFiles
import ModelBundle

/// `shokenctl model show`: all that a bundle says of itself.
struct ModelShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a model's manifest: tasks, data, licence, scores.")

    @Argument(help: "Name of an installed model, or a bundle's directory.")
    var model: String

    @Flag(help: "Check every file against its SHA-256.")
    var verify = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let bundle = try common.bundle(model)
        if verify { try bundle.verify() }
        if common.json { return try printJSON(bundle.manifest) }
        let manifest = bundle.manifest
        print("name      \(manifest.name)")
        print("version   \(manifest.version)")
        print("made      \(manifest.createdAt) with shoken \(manifest.codeVersion)")
        print("sha256    \(bundle.sha256)")
        print("cleaning  \(manifest.cleaning.profile), version \(manifest.cleaning.version)")
        print("words     MeCab, \(manifest.dictionary)")
        if let origin = manifest.origin {
            print("trunk     trained elsewhere" + (origin.recipe.map { ", recipe \($0)" } ?? ""))
        }
        if let trunk = manifest.trunk {
            print(
                "trunk     \(trunk.architecture) \(trunk.kind.rawValue), \(trunk.context) tokens at once"
            )
            print(
                "tokenizer \(trunk.tokenizer), \(trunk.tokenizerSize) tokens"
                    + (trunk.dictionaries.map {
                        ", words cut with \($0.directory)"
                            + ($0.userDictionary.map { " + \($0)" } ?? "")
                    } ?? ""))
        }
        if let instruct = manifest.instruct {
            let tasks = manifest.tasks.filter { $0.value.method == .instruct }.keys.sorted()
            print(
                "instruct  \(instruct.architecture) decoder in \(instruct.file), for "
                    + tasks.joined(separator: ", "))
        }
        print("licence   \(manifest.licence)")
        print("\nTasks")
        TextTable(
            columns: ["task", "answered by"],
            rows: manifest.tasks.sorted { $0.key < $1.key }.map {
                [$0.key, $0.value.method.rawValue]
            }
        ).print()
        try showScores(of: manifest)
        showLabels(of: manifest)
        print("\nMade from")
        TextTable(
            columns: ["source", "licence", "used for", "rows"],
            rows: manifest.sources.map {
                [$0.name, $0.licence, $0.usedFor.joined(separator: " "), String($0.rows)]
            }
        ).print()
        print("\nScores are in \(bundle.directory.appendingPathComponent("MODEL_CARD.md").path)")
        if verify { print("\nEvery file is as the manifest lists it.") }
    }

    /// Whether scores are probabilities, and below which ones mentions are for review.
    private func showScores(of manifest: BundleManifest) throws {
        guard
            let calibration = try manifest.calibration.map({
                try ScoreCalibration(stored: JSONEncoder.sorted().encode($0))
            })
        else { return print("\nScores are not calibrated.") }
        print("\nScores")
        var parts = EntityType.allCases.map {
            ("mentions of \($0.rawValue)", calibration[$0] != nil)
        }
        parts.append(("adverse events", calibration.adverseEvents != nil))
        parts.append(("similarity", calibration.similarity != nil))
        for (title, isCalibrated) in [("Calibrated", true), ("Not calibrated", false)] {
            let names = parts.filter { $0.1 == isCalibrated }.map(\.0)
            if !names.isEmpty { print("\(title): " + names.joined(separator: ", ")) }
        }
        let thresholds = EntityType.allCases.compactMap { type in
            calibration[type]?.reviewBelow.map {
                [type.rawValue, Self.part($0), Self.part(calibration[type]?.precision)]
            }
        }
        guard !thresholds.isEmpty else { return }
        TextTable(
            columns: ["mentions", "for review below", "precision of the others"], rows: thresholds
        ).print()
    }

    private static func part(_ value: Double?) -> String {
        value.map { String(format: "%.2f", $0) } ?? "-"
    }

    /// What a tagger's labels become.
    private func showLabels(of manifest: BundleManifest) {
        guard let task = manifest.tasks.values.first(where: { $0.method == .tagger }),
            case .object(let meanings)? = task.settings["meanings"]
        else { return }
        print("\nLabels")
        TextTable(
            columns: ["label", "becomes"],
            rows: meanings.sorted { $0.name < $1.name }.map { label in
                if case .string(let text) = label.value {
                    [label.name, text]
                } else {
                    [label.name, ""]
                }
            }
        ).print()
    }
}
