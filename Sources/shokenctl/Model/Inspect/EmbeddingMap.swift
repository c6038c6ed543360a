// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTMLReports
import ResultStore

/// Points in the plane by one method.
struct EmbeddingLayout {
    let method: String
    let setting: String
    let seed: UInt64
    let trustworthiness: Double
    let neighbours: Int
    let places: [SIMD2<Double>]
}

/// Tokens of a model in the plane, as a page, CSV and JSON.
struct EmbeddingMap {
    let model: String
    let width: Int
    let points: [InspectedPoint]
    let layouts: [EmbeddingLayout]

    static let columns = ["METHOD", "SETTING", "SEED", "TRUSTWORTHINESS"]

    /// The layouts as rows of a table.
    var rows: [[String]] {
        layouts.map {
            [
                $0.method, $0.setting, "\($0.seed)",
                String(format: "%.4f", $0.trustworthiness) + " (\($0.neighbours) neighbours)",
            ]
        }
    }

    /// The page, which needs no other file.
    var html: String {
        let merged = points.filter { $0.ids.count > 1 }.count
        let words = merged > 0 ? " \(merged) are means of several tokens." : ""
        return HTML.page(
            "Token embeddings of \(model)",
            [
                "<p>\(points.count) points of \(width) numbers.\(words) Names show where the mouse "
                    + "is; near points are near in the model, far ones need not be far.</p>",
                HTML.table(Self.columns, rows),
            ]
                + layouts.map { layout in
                    ScatterPlot(
                        title: "\(layout.method) (\(layout.setting))",
                        points: zip(points, layout.places).map {
                            ScatterPlot.Point(
                                $1.x, $1.y, name: $0.name, isMarked: $0.isMarked)
                        }
                    ).svg
                })
    }

    /// The places, a row a point.
    var csv: Data {
        get throws {
            let names = layouts.flatMap { layout in
                ["x", "y"].map {
                    layout.method.lowercased().replacing("-", with: "") + "_" + $0
                }
            }
            let table = ResultTable(
                columns: ["ids", "name", "marked"] + names,
                rows: points.enumerated().map { index, point in
                    [
                        .text(point.ids.map(String.init).joined(separator: " ")),
                        .text(point.name), .integer(point.isMarked ? 1 : 0),
                    ]
                        + layouts.flatMap {
                            [.real($0.places[index].x), .real($0.places[index].y)]
                        }
                })
            return Data(
                try ResultFormat.csv.records(of: table).map { $0 + "\n" }.joined().utf8)
        }
    }

    struct Report: Encodable {
        struct Layout: Encodable {
            let method: String
            let setting: String
            let seed: UInt64
            let trustworthiness: Double
            let neighbours: Int
        }

        let model: String
        let points: Int
        let width: Int
        let layouts: [Layout]
    }

    /// What is printed as JSON.
    var report: Report {
        Report(
            model: model, points: points.count, width: width,
            layouts: layouts.map {
                Report.Layout(
                    method: $0.method, setting: $0.setting, seed: $0.seed,
                    trustworthiness: $0.trustworthiness, neighbours: $0.neighbours)
            })
    }
}
