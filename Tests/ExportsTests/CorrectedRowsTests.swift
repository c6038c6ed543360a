// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Exports
import Foundation
import TestSupport
import Testing

@Suite("Corrections from tools for annotation")
struct CorrectedRowsTests {
    private func rows(
        _ tool: AnnotationTool, _ content: String, exported: String? = nil
    ) throws -> (rows: CorrectedRows, reading: AnnotationReading) {
        let folder = try TemporaryFolder()
        let file = try folder.write(content, to: "a.jsonl")
        let reading = try AnnotationFiles(of: tool).read([FilePath(file)])
        let former = try exported.map {
            try AnnotationFiles(of: tool, proposals: true).read([
                FilePath(try folder.write($0, to: "b.jsonl"))
            ])
        }
        return (CorrectedRows(of: reading, from: tool, exported: former), reading)
    }

    /// A task with annotations as `[start, end, label, text]`, in UTF-16 units.
    private func task(
        _ text: String, truths: Set<Int> = [], _ annotations: [[(Int, Int, String, String)]]
    ) throws -> String {
        let answers: [[String: Any]] = annotations.enumerated().map { index, regions in
            [
                "ground_truth": truths.contains(index), "was_cancelled": false,
                "completed_by": index,
                "result": regions.map { start, end, label, surface in
                    [
                        "type": "labels", "id": "\(start)",
                        "value": [
                            "start": start, "end": end, "labels": [label], "text": surface,
                        ] as [String: Any],
                    ]
                },
            ]
        }
        let tasks: [[String: Any]] = [
            ["data": ["text": text, "document": "7"], "annotations": answers]
        ]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: tasks), as: UTF8.self)
    }

    @Test("tell what was added, removed, relabelled and moved, by document and place")
    func differences() throws {
        let former = """
            {"text":"😀発熱と鎮痛剤甲と咳嗽と頭痛","label":[[1,3,"disease"],[4,8,"disease"],[9,11,"disease"]],"meta":{"document":"5"}}
            """
        let now = """
            {"text":"😀発熱と鎮痛剤甲と咳嗽と頭痛","label":[[0,3,"disease"],[4,8,"drug"],[12,14,"disease"]],"id":1,"meta":{"document":"5"}}
            """
        let changes = try rows(.doccano, now, exported: former).rows.changes
        #expect(
            changes.map { "\($0.document) \($0.range.start) \($0.range.end) \($0.kind.rawValue)" }
                == ["5 0 3 moved", "5 4 8 relabelled", "5 9 11 removed", "5 12 14 added"])
        #expect(try rows(.doccano, now).rows.uncompared == 1)
    }

    @Test(
        "count UTF-16 units for Label Studio, and refuse what cuts a character or stands elsewhere")
    func units() throws {
        let good = try rows(.labelStudio, task("😀発熱", [[(2, 4, "disease", "発熱")]])).rows
        #expect(good.faults.isEmpty && good.lines.count == 1)
        #expect(good.lines[0].contains("\"start\":1,\"end\":3"))
        let cut = try rows(.labelStudio, task("😀発熱", [[(1, 3, "disease", "?")]])).rows
        #expect(cut.faults.map(\.reason) == [.outside] && cut.lines.isEmpty)
        let shifted = try rows(.labelStudio, task("😀発熱", [[(3, 4, "disease", "発熱")]])).rows
        #expect(shifted.faults.map(\.reason) == [.surface])
        #expect(shifted.faults.allSatisfy { !$0.explanation.contains("熱") })
    }

    @Test("of two people who differ give no row, unless one is the truth; of two who agree one")
    func conflicts() throws {
        let (one, other) = ([(0, 2, "disease", "発熱")], [(0, 2, "drug", "発熱")])
        let differ = try rows(.labelStudio, task("発熱", [one, other])).rows
        #expect(differ.faults.map(\.reason) == [.conflict] && differ.lines.isEmpty)
        #expect(differ.faults.map(\.document) == ["7"])
        let truth = try rows(.labelStudio, task("発熱", truths: [1], [one, other])).rows
        #expect(truth.faults.isEmpty && truth.lines[0].contains("drug"))
        let agree = try rows(.labelStudio, task("発熱", [one, one])).rows
        #expect(agree.lines.count == 1 && agree.agreements == 1)
    }

    @Test("leave out what was rejected, ignored, cancelled or not answered")
    func passedOver() throws {
        let (taken, reading) = try rows(
            .prodigy,
            """
            {"text":"発熱","spans":[{"start":0,"end":2,"label":"DISEASE"}],"answer":"accept"}
            {"text":"咳","spans":[],"answer":"reject"}
            {"text":"咳","spans":[],"answer":"ignore"}
            {"text":"咳","spans":[]}
            """)
        #expect(taken.lines.count == 1 && taken.lines[0].contains("\"label\":\"disease\""))
        #expect(reading.passedOver == ["reject": 1, "ignore": 1, "unanswered": 1])
    }

    @Test("refuse overlaps, places outside, carriage returns and what is no record")
    func refused() throws {
        let lines = """
            {"text":"発熱あり","label":[[0,2,"disease"],[1,3,"drug"]]}
            {"text":"発熱","label":[[0,9,"disease"]]}
            {"text":"発熱\\r\\nなし","label":[]}
            {"label":[[0,1,"PER"]]}
            {"text":"発熱","label":[[0,"x"]]}
            nothing
            {"text":"発\\n熱","label":[],"meta":{"line_ends":{"crlf":[2],"cr":[]}}}
            """
        let taken = try rows(.doccano, lines).rows
        #expect(
            taken.faults.map(\.reason) == [
                .overlapping, .outside, .carriageReturn, .noText, .malformed, .malformed, .lineEnds,
            ])
        #expect(taken.faults.map(\.place.record) == Array(1...7) && taken.lines.isEmpty)
    }

    @Test("count UTF-16 units for WebAnno, take line breaks, and places over several tokens once")
    func webAnno() throws {
        let taken = try rows(
            .webanno,
            """
            #FORMAT=WebAnno TSV 3.3
            #T_SP=custom.Entity|label|certainty


            #Text=😀右膝
            #Text=疼痛
            1-1\t0-2\t😀\t_\t_\t
            1-2\t2-4\t右膝\tdisease[1]\tnegative[1]\t
            1-3\t5-7\t疼痛\tdisease[1]\tnegative[1]\t

            #Text=鎮痛剤_甲
            2-1\t8-13\t鎮痛剤\\_甲\tdrug\t*\t

            """
        )
        #expect(taken.reading.faults == [])
        let text = try #require(taken.reading.texts.first).annotated
        #expect(text.text == "😀右膝\n疼痛\n鎮痛剤_甲")
        #expect(text.spans.map(\.range.start) == [1, 7] && text.spans.map(\.range.end) == [6, 12])
        #expect(text.spans.map(\.certainty) == ["negative", nil])
    }

    @Test("join parts of brat's that only a line end parts, and refuse others")
    func parts() throws {
        func read(_ annotations: String) -> AnnotationReading {
            var reading = AnnotationReading()
            BratFiles.read(
                text: Data("右膝\n疼痛と腫脹".utf8), annotations: Data(annotations.utf8),
                file: "1.ann", document: "1", lineEnds: LineEnds(), into: &reading)
            return reading
        }
        let joined = read("T1\tDisease 0 2;3 5\t右膝 疼痛\nA1\tCertainty T1 Negative\n")
        #expect(joined.texts.first?.annotated.spans.map(\.range.end) == [5])
        #expect(joined.texts.first?.annotated.spans.map(\.certainty) == ["negative"])
        #expect(read("T1\tDisease 0 2;6 8\t右膝 腫脹\n").faults.map(\.reason) == [.discontinuous])
        #expect(read("T1\tDisease 0 2\t疼痛\n").faults.map(\.reason) == [.surface])
    }
}

/// The samples of formats that lie beside the repository.
enum SharedFormats {
    static let folder: URL? = {
        let place = URL(filePath: FileManager.default.currentDirectoryPath)
            .appending(path: "../shared/fixtures/formats").standardizedFileURL
        return FileManager.default.fileExists(atPath: place.path) ? place : nil
    }()
}

@Suite(
    "Files of tools as others give them",
    .enabled(if: SharedFormats.folder != nil, "../shared/fixtures/formats is not there"))
struct SharedAnnotationTests {
    private struct Expected: Decodable {
        struct Entity: Decodable {
            let start, end: Int
            let label: String
        }

        let file, outcome: String
        let entities: [Entity]?
    }

    @Test(
        "give the places that stand in the list of what must come of them",
        arguments: zip(
            [
                "brat/fict-case.txt", "doccano/fict-export.jsonl", "label-studio/fict-export.json",
                "prodigy/fict-export.jsonl", "webanno-tsv/fict-case.tsv",
            ], AnnotationTool.allCases))
    func expected(name: String, tool: AnnotationTool) throws {
        let folder = try #require(SharedFormats.folder)
        let lines = try String(
            contentsOf: folder.appending(path: "expected.jsonl"), encoding: .utf8)
        let wanted = try #require(
            try lines.split(separator: "\n").map {
                try JSONDecoder().decode(Expected.self, from: Data($0.utf8))
            }.first { $0.file == name })
        let reading = try AnnotationFiles(of: tool).read([FilePath(folder.appending(path: name))])
        #expect(reading.faults == [])
        let rows = CorrectedRows(of: reading, from: tool)
        #expect(rows.lines.count == 1)
        let spans = try #require(reading.texts.first).annotated.spans
        #expect(
            spans.map { [$0.label, String($0.range.start), String($0.range.end)] }
                == (wanted.entities ?? []).map { [$0.label, String($0.start), String($0.end)] })
        if tool == .brat || tool == .labelStudio || tool == .webanno {
            #expect(spans.map(\.certainty).prefix(3) == ["positive", "positive", nil])
        }
    }
}
