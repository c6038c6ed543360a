// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Exports
import Foundation
import TestSupport
import Testing

@Suite("Files and folders of an export")
struct PendingFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func names(_ place: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder[place].path).sorted()
    }

    @Test("have their name when they are whole, and leave nothing if they are not")
    func file() throws {
        let target = FilePath(folder["a.csv"])
        do {
            let file = try PendingFile(for: target, replacing: false)
            try file.append("half")
        }
        #expect(try names().isEmpty)
        let file = try PendingFile(for: target, replacing: false)
        try file.append("first")
        try file.place(replacing: false)
        #expect(try names() == ["a.csv"])
        #expect(throws: ExportError.exists(file: target.description)) {
            try PendingFile(for: target, replacing: false)
        }
        let second = try PendingFile(for: target, replacing: true)
        try second.append("second")
        try second.place(replacing: true)
        #expect(try String(contentsOf: folder["a.csv"], encoding: .utf8) == "second")
        #expect(try names() == ["a.csv"])
        let mode = try FileManager.default.attributesOfItem(atPath: folder["a.csv"].path)
        #expect((mode[.posixPermissions] as? Int).map { $0 & 0o137 } == 0)
    }

    @Test("come together; what else is in a folder stays")
    func folders() throws {
        let target = FilePath(folder["out"])
        func write(_ text: String, replacing: Bool) throws {
            let pending = try PendingFolder(for: target, replacing: replacing)
            let file = try pending.file("a.csv")
            try file.append(text)
            try file.place(replacing: false)
            try pending.write(text, to: "b.csv")
            try pending.place()
        }
        try write("first", replacing: false)
        try folder.write("mine", to: "out/mine.txt")
        #expect(throws: ExportError.folderInUse(folder: target.description)) {
            try write("second", replacing: false)
        }
        try write("second", replacing: true)
        #expect(try names("out") == ["a.csv", "b.csv", "mine.txt"])
        for name in ["out/a.csv", "out/b.csv"] {
            #expect(try String(contentsOf: folder[name], encoding: .utf8) == "second")
        }
        #expect(try names() == ["out"])
    }

    @Test("come into a folder that is empty")
    func emptyFolder() throws {
        try FileManager.default.createDirectory(
            at: folder["out"], withIntermediateDirectories: false)
        let pending = try PendingFolder(for: FilePath(folder["out"]), replacing: false)
        try pending.file("a.csv").place(replacing: false)
        try pending.place()
        #expect(try names("out") == ["a.csv"])
    }
}
