// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Curation
import DurableFiles
import Evaluation
import Foundation
import RandomForest
import Tensors
import WeightFiles

/// `shokenctl corpus quality train`: grows the classifier.
struct QualityTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Grow a random forest that tells high from low quality.",
        discussion: """
            Features are the last hidden state, after the final norm, of the last token of each \
            annotated document, or of its first --tokens tokens. Lines without a label are left \
            out and counted. Every fifth line (--hold-out) is not trained on and says how well \
            the rest tells; the estimate out of bag comes of the rows that each tree has not drawn. \
            The forest is one safetensors file, which names the model that its features come from.
            """)

    @Argument(help: ArgumentHelp("What `annotate` wrote.", valueName: "file"))
    var annotations: String
    @Option(name: .long, help: ArgumentHelp("The forest's file.", valueName: "file"))
    var output: String
    @OptionGroup(title: "Model") var model: QualityModelOptions
    @Option(
        help: ArgumentHelp(
            "Features in place of a model: a safetensors file with a matrix `features`, a row for each line "
                + "with a label.", valueName: "file"))
    var features: String?
    @Option(help: "Tokens of a document at most.")
    var tokens = 1024
    @Option(help: "Trees.")
    var trees = 100
    @Option(help: "Decides draws of rows and features.")
    var seed: UInt64 = 0
    @Option(help: "Features that are tried for a split (default: the square root of their number).")
    var featuresPerSplit: Int?
    @Option(help: "Rows that each side of a split keeps at least.")
    var leastRows = 1
    @Option(help: "Splits above one another at most (default: as many as it takes).")
    var depth: Int?
    @Option(help: "Every so many-th line is held out; 0 holds none out.")
    var holdOut = 5
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (features == nil) != (model.model == nil) else {
            throw ValidationError("name either --model or --features")
        }
        guard holdOut == 0 || (2...1000).contains(holdOut) else {
            throw ValidationError("--hold-out must be 0, or 2 to 1000")
        }
    }

    /// Documents whose features are computed at once.
    private static let chunk = 32

    func run() throws {
        ComputeThreads.set(model.compute.count)
        guard try DiskFiles().facts(of: FilePath(output)) == nil else {
            throw CurationError.exists(file: output)
        }
        let (labels, neither) = try labels()
        guard !labels.isEmpty else {
            throw CommandFailure(.badData, "\(annotations) has no line with a label")
        }
        let bar = ProgressBar()
        let (rows, facts, work) = try rows(labels.count, bar)
        let isHeld = labels.indices.map { holdOut > 0 && $0 % holdOut == holdOut - 1 }
        let trained = labels.indices.filter { !isHeld[$0] }
        var table = try FeatureTable(
            rows: trained.count, width: rows.width, classes: AnnotatedDocument.labels)
        for (place, row) in trained.enumerated() {
            try table.set(place, try rows.row(row), class: labels[row])
        }
        var settings = ForestSettings()
        (settings.trees, settings.seed) = (trees, seed)
        (settings.featuresPerSplit, settings.leastRows) = (featuresPerSplit, leastRows)
        settings.depth = depth
        var metadata = facts
        metadata["trees"] = "\(trees), seed \(seed), \(trained.count) rows"
        metadata["annotations"] = try DiskFiles().digest(of: FilePath(annotations)).hexadecimal
        let forest = try RandomForest(growing: settings, on: table, metadata: metadata) {
            bar.show("growing trees", $0)
        }
        let held = labels.indices.filter { isHeld[$0] }
        let answers = try held.map { RandomForest.best(forest.probabilities(try rows.row($0))) }
        try forest.write(to: URL(filePath: output))
        try work?.discard()
        bar.finish()
        let report = QualityReport(
            forest, labels: labels, neither: neither, trained: trained.count,
            held: held.map { labels[$0] }, answers: answers)
        if json { return try printJSON(report) }
        report.print()
    }

    /// The label of each line that has one, and how many have none.
    private func labels() throws -> (labels: [Int], neither: Int) {
        var file = try JSONLineFile<AnnotatedDocument>(annotations)
        var labels: [Int] = []
        var neither = 0
        while true {
            let lines = try file.next(1024)
            if lines.isEmpty { return (labels, neither) }
            for line in lines {
                guard let label = line.label else {
                    neither += 1
                    continue
                }
                guard let place = AnnotatedDocument.labels.firstIndex(of: label) else {
                    throw CommandFailure(
                        .badData,
                        "\(annotations), document \(line.document): the label must be 高 or 低")
                }
                labels.append(place)
            }
        }
    }

    /// The features of the rows, with what identifies how they came about.
    private func rows(
        _ count: Int, _ bar: ProgressBar
    ) throws -> (rows: FeatureRows, facts: [String: String], work: ChunkedOutput?) {
        if let features {
            let file = try SafetensorsFile(URL(filePath: features))
            guard let shape = file.shape(of: "features"), shape.count == 2, shape[0] == count else {
                throw CommandFailure(
                    .badData,
                    "\(features) must hold a matrix `features` with \(count) rows, one for each "
                        + "line with a label")
            }
            return (
                FeatureRows(width: shape[1]) {
                    try file.tensor("features", rows: $0..<$0 + 1).values
                }, file.metadata, nil
            )
        }
        let opened = try QualityModel(model)
        try opened.check(tokens: tokens)
        var facts = opened.facts
        facts["tokens"] = "\(tokens)"
        var identity = facts
        identity["annotations"] = try DiskFiles().digest(of: FilePath(annotations)).hexadecimal
        let chunks = try ChunkedOutput(output, identity: identity)
        var file = try JSONLineFile<AnnotatedDocument>(annotations)
        var passed = 0
        var texts: [String] = []
        func compute() throws {
            guard !texts.isEmpty else { return }
            let rows = try opened.features(texts, tokens: tokens)
            try chunks.append(FeatureRows.bytes(of: rows), items: rows.count)
            texts = []
            bar.show("computing features", Double(chunks.items) / Double(count))
        }
        while true {
            let lines = try file.next(Self.chunk)
            if lines.isEmpty { break }
            for line in lines where line.label != nil {
                passed += 1
                // What a kill left is there already, in whole chunks.
                if passed > chunks.items + texts.count { texts.append(line.text) }
                if texts.count == Self.chunk { try compute() }
            }
        }
        try compute()
        let width = opened.trunk.configuration.hiddenSize
        return (
            FeatureRows(width: width) {
                FeatureRows.row(try chunks.content(from: $0 * width * 4, count: width * 4))
            }, facts, chunks
        )
    }
}

/// Features of rows, wherever they are.
struct FeatureRows {
    let width: Int
    let row: (Int) throws -> [Float]

    init(width: Int, row: @escaping (Int) throws -> [Float]) {
        (self.width, self.row) = (width, row)
    }

    /// Rows as little-endian bytes.
    static func bytes(of rows: [[Float]]) -> Data {
        var bytes = Data()
        for value in rows.joined() {
            let pattern = value.bitPattern
            for shift: UInt32 in [0, 8, 16, 24] {
                bytes.append(UInt8(truncatingIfNeeded: pattern >> shift))
            }
        }
        return bytes
    }

    /// The row of such bytes.
    static func row(_ data: Data) -> [Float] {
        let bytes = [UInt8](data)
        return stride(from: 0, to: bytes.count, by: 4).map { place in
            var pattern: UInt32 = 0
            for byte in bytes[place..<place + 4].reversed() {
                pattern = pattern << 8 | UInt32(byte)
            }
            return Float(bitPattern: pattern)
        }
    }
}
