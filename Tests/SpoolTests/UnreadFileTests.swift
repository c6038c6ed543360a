// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Spool
import Testing

@Suite("Files that are passed over")
struct UnreadFileTests {
    let temporary: TemporarySpool
    var spool: SpoolDirectory { temporary.spool }
    let disk = DiskFiles()

    init() throws { temporary = try TemporarySpool() }

    private func put(_ path: String, _ content: String = "x") throws {
        let path = temporary.root.appending(path)
        try disk.makeDirectory(path.parent)
        try disk.write(Data(content.utf8), to: path)
    }

    @Test("Each is found with its cause, place and age")
    func found() throws {
        for path in [
            "incoming/nursing/.a05.txt", "incoming/nursing/a10.txt~",
            "incoming/nursing/a13.txt.tmp",
            "incoming/radiology/a25.part", "incoming/.nursing/a35.txt",
            "incoming/.nursing/deep/a36.txt", "incoming/.b12.txt", "incoming/Radiology/c.bak",
            "incoming/nursing/.sync/d.txt", ".e.txt", "done/a07.txt", "done/2026/f.txt",
            "processing/a06.txt", "processing/.g.txt", "done/2026-05-01/h.txt.old",
            "incoming/Radiology/misplaced.txt", ".recorded/2026-05-01.jsonl", ".storage",
            ".shokend.lock", "incoming/nursing/with.txt",
        ] {
            try put(path)
        }
        for name in ["orphan.txt.ok", "with.txt.ok"] { try put("incoming/nursing/\(name)", "") }
        _ = try #require(try spool.claim(temporary.drop("x", try named("claimed"))))
        let found = spool.unreadFiles(at: Date().addingTimeInterval(4000))
        let lines = found.map { files in
            "\(files.folder) \(files.cause) \(files.oldest.map(\.name).sorted())"
        }
        #expect(
            lines == [
                #" hidden [".e.txt"]"#, #"done foreign ["a07.txt"]"#,
                #"done/2026 foreign ["f.txt"]"#, #"incoming hidden [".b12.txt"]"#,
                #"incoming/.nursing hidden ["a35.txt", "deep/a36.txt"]"#,
                #"incoming/Radiology backup ["c.bak"]"#,
                #"incoming/nursing backup ["a10.txt~"]"#,
                #"incoming/nursing hidden [".a05.txt"]"#,
                #"incoming/nursing trigger ["orphan.txt.ok"]"#,
                #"incoming/nursing unfinished ["a13.txt.tmp"]"#,
                #"incoming/nursing/.sync hidden ["d.txt"]"#,
                #"incoming/radiology unfinished ["a25.part"]"#,
                #"processing foreign [".g.txt", "a06.txt"]"#,
            ])
        for files in found {
            #expect(files.files == files.oldest.count && files.overdue == files.files)
            #expect(files.oldest.allSatisfy { (3990...4100).contains($0.seconds) })
        }
        #expect(spool.unreadFiles().allSatisfy { $0.overdue == 0 })
    }

    @Test("Of many files the oldest are named, and what to do is said")
    func many() throws {
        let now = Date()
        for number in 0..<30 {
            try put("incoming/nursing/n\(number).part")
            let path = try #require(
                spool.incoming(.nursing).appending("n\(number).part").text)
            try FileManager.default.setAttributes(
                [.modificationDate: now.addingTimeInterval(Double(-1000 * (number + 1)))],
                ofItemAtPath: path)
        }
        let files = try #require(spool.unreadFiles(at: now).first)
        #expect(files.files == 30 && files.overdue == 27)
        #expect(files.oldest.map(\.name) == (20..<30).reversed().map { "n\($0).part" })
        let sentence = files.sentence(in: "incoming/nursing", showingNames: true)
        #expect(
            sentence.hasPrefix(
                "30 files in incoming/nursing (n29.part, 8 h; n28.part, 8 h; "))
        #expect(
            sentence.hasSuffix(
                "; …) are not read, named as unfinished: finish the upload and rename them, or remove them"
            ))
        #expect(!files.sentence(in: "x", showingNames: false).contains("n29"))
        let json = try JSONEncoder().encode(files)
        #expect(try JSONDecoder().decode(UnreadFiles.self, from: json) == files)
    }
}
