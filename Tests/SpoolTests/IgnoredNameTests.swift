// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Spool
import Testing

@Suite("Names that are not read")
struct IgnoredNameTests {
    let temporary: TemporarySpool
    var spool: SpoolDirectory { temporary.spool }
    let disk = DiskFiles()

    init() throws { temporary = try TemporarySpool() }

    private func put(_ path: String, _ content: String = "x") throws {
        let path = temporary.root.appending(path)
        try disk.makeDirectory(path.parent)
        try disk.write(Data(content.utf8), to: path)
    }

    @Test(
        "Names of backups, system files and unfinished files are not read, in any case of letters",
        arguments: [
            ("a13.txt.tmp", .unfinished), ("A.TMP", .unfinished), ("a.Part", .unfinished),
            ("a31.txt.filepart", .unfinished), ("x.CrDownload", .unfinished),
            (".a.txt.part", .unfinished), (".a05.txt", .hidden), ("a10.txt~", .backup),
            ("a.bak", .backup), ("a.txt.BAK", .backup), ("a.old", .backup), ("a.Orig", .backup),
            ("a.txt.swp", .backup), ("#a28.txt#", .backup), ("desktop.ini", .system),
            ("Desktop.INI", .system), ("Thumbs.db", .system), (".DS_Store", .system),
            ("経過.LNK", .system), ("a.url", .system),
        ] as [(String, IgnoredName)])
    func ignored(text: String, expected: IgnoredName) throws {
        #expect(IgnoredName(try named(text)) == expected)
        try put("incoming/nursing/\(text)")
        let listing = spool.scan()
        #expect(listing.files.isEmpty && listing.unsuitable.isEmpty)
        #expect(spool.status().allSatisfy { $0.files == 0 })
        #expect(try temporary.files() == ["incoming/nursing/\(text)"])
    }

    @Test(
        "Names that only resemble those are read",
        arguments: [
            "a.txt", "a29.TXT", "bak", "old.txt", "a.backup.txt", "a~1.txt", "#3 経過.txt", "#",
            "##", "desktop.ini.txt", "part", "url.txt", "~$a16.docx", "a27", "thumbs.dbx",
        ])
    func taken(text: String) throws {
        #expect(IgnoredName(try named(text)) == nil)
        try put("incoming/nursing/\(text)")
        #expect(spool.scan().files.map(\.name.escaped) == [text])
    }

    @Test("A backup that lies in failed/ is not put back where it would not be read")
    func retry() throws {
        let claim = try #require(try spool.claim(temporary.drop("x", try named("a"))))
        try spool.fail(claim, FailureReason(code: "x", text: "x"))
        try disk.move(spool.failed.appending("a"), to: spool.failed.appending("a.bak"))
        try disk.move(
            spool.failed.appending("a.error.json"), to: spool.failed.appending("a.bak.error.json"))
        #expect(throws: RetryRefusal.ignoredName(name: "a.bak")) {
            try spool.retry(try named("a.bak"))
        }
        #expect(RetryRefusal.ignoredName(name: "a.bak").explanation.contains("under another"))
    }
}
