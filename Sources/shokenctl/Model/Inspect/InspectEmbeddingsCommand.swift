// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import HTMLReports
import ManifoldLearning
import ResultStore
import Tensors

/// A method that lays points out in the plane.
enum LayoutMethod: String, CaseIterable, ExpressibleByArgument {
    case tsne
    case umap

    /// Its name for people.
    var title: String {
        switch self {
        case .tsne: "t-SNE"
        case .umap: "UMAP"
        }
    }
}

/// `shokenctl model inspect embeddings`: a map of the token embedding.
struct InspectEmbeddingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embeddings",
        abstract: "Lay the token embeddings out in the plane by t-SNE and UMAP.",
        discussion: """
            Takes the first tokens of the vocabulary, the most frequent of --text, or --only-words. \
            A word that is not one token is the mean of its tokens' embeddings. The same seed gives \
            the same places on any number of threads.

            --html writes a page that shows each token's name where the mouse is, --csv the places: \
            ids, name, marked (0 or 1), and x and y of each method. Trustworthiness tells how far \
            neighbours in the layout are neighbours in the model: 1 where all are, about 0.5 by \
            chance.

            With --json: {"model","points","width","layouts":[{"method","setting","seed",\
            "trustworthiness","neighbours"}]}.
            """)

    @OptionGroup var options: InspectedModelOptions
    @OptionGroup var compute: ThreadsOption
    @OptionGroup(title: "Points") var points: PointOptions

    @Option(help: ArgumentHelp("One method alone; both without.", valueName: "method"))
    var method: LayoutMethod?

    @Option(help: "The perplexity of t-SNE.")
    var perplexity = 15.0

    @Option(help: "The neighbours of UMAP.")
    var neighbours = 15

    @Option(help: "Where random numbers begin.")
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Write a page with the maps.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Write the places as CSV.", valueName: "file"))
    var csv: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// Neighbours by which layouts are measured, where there are enough points.
    private static let measuredNeighbours = 15

    func validate() throws {
        guard perplexity.isFinite, (2...1000).contains(perplexity) else {
            throw ValidationError("--perplexity is a number from 2 to 1000")
        }
        guard (2...1000).contains(neighbours) else {
            throw ValidationError("--neighbours is a number from 2 to 1000")
        }
    }

    func run() throws {
        ComputeThreads.set(compute.count)
        let model = try InspectedModel(options)
        let chosen = try InspectedPoint.chosen(points, model)
        let vectors = try model.vectors(of: chosen.map(\.ids))
        let set = try PointSet(vectors)
        let bar = ProgressBar()
        let layouts = try (method.map { [$0] } ?? LayoutMethod.allCases).map { method in
            let places = try places(method, set) { bar.show(method.title, $0) }
            // Fewer than half of the points can be neighbours.
            let neighbours = min(Self.measuredNeighbours, (set.count - 1) / 2)
            return EmbeddingLayout(
                method: method.title, setting: setting(method), seed: seed,
                trustworthiness: try Trustworthiness.measure(
                    set, layout: places, neighbours: neighbours),
                neighbours: neighbours, places: places)
        }
        bar.finish()
        let map = EmbeddingMap(
            model: model.name, width: vectors.columns, points: chosen, layouts: layouts)
        if let html {
            try DiskFiles().write(Data(map.html.utf8), to: FilePath(URL(filePath: html)))
        }
        if let csv {
            try DiskFiles().write(try map.csv, to: FilePath(URL(filePath: csv)))
        }
        if json { return try printJSON(map.report) }
        print("\(chosen.count) points of \(vectors.columns) numbers")
        TextTable(columns: EmbeddingMap.columns, rows: map.rows).print()
    }

    private func places(
        _ method: LayoutMethod, _ set: PointSet, _ progress: (Double) -> Void
    ) throws -> [SIMD2<Double>] {
        switch method {
        case .tsne:
            try TSNE(perplexity: perplexity, seed: seed).layout(of: set, progress: progress)
        case .umap:
            try UMAP(neighbours: neighbours, seed: seed).layout(of: set, progress: progress)
        }
    }

    private func setting(_ method: LayoutMethod) -> String {
        switch method {
        case .tsne: "perplexity \(HTML.short(perplexity))"
        case .umap: "\(neighbours) neighbours"
        }
    }
}
