// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Which file stands at a path")
struct FileIdentityTests {
    let files = DiskFiles()
    let folder: TemporaryFolder
    var root: FilePath { FilePath(folder.url) }
    init() throws { folder = try TemporaryFolder() }

    @Test("is told by what is there, by whatever name or link, and not by its content")
    func identity() throws {
        let (first, second) = (root.appending("first"), root.appending("second"))
        #expect(try files.identity(of: first) == nil)
        #expect(try files.identity(of: first.appending("below")) == nil)
        try files.makeFile(first)
        let identity = try #require(try files.identity(of: first))
        try files.link(first, to: second)
        try #require(symlink("second", folder["third"].path) == 0)
        #expect(try files.identity(of: root.appending("third")) == identity)
        #expect(try files.resolved(root.appending("third")).lastName?.escaped == "second")
        try files.write(Data("new".utf8), to: first)
        #expect(try files.identity(of: first) != identity)
        #expect(try files.identity(of: second) == identity)
    }

    @Test("nothing is made or linked over something")
    func over() throws {
        let path = root.appending("file")
        try files.write(Data("text".utf8), to: path)
        let other = root.appending("other")
        try files.makeFile(other)
        for body in [{ try files.makeFile(path) }, { try files.link(other, to: path) }] {
            let error = #expect(throws: FileError.self) { try body() }
            #expect(error?.errno == EEXIST)
        }
        #expect(try files.read(path, maximumBytes: 9) == Data("text".utf8))
    }

    @Test("a file that cannot be written is told before anybody tries")
    func writable() throws {
        let path = root.appending("file")
        let absent = #expect(throws: FileError.self) { try files.requireWritable(path) }
        #expect(absent?.errno == ENOENT)
        try files.makeFile(path)
        try files.requireWritable(path)
        let readOnly = #expect(throws: FileError.self) {
            try files.requireWritable(FilePath("/proc/sys"))
        }
        #expect([EROFS, EACCES].contains(readOnly?.errno))
    }

    @Test(
        "a shown name gives its bytes back",
        arguments: [
            Array("経過 1.txt".utf8), Array("a\\b".utf8), [0xFF, 0x41, 0x80], [0x0A, 0x7F],
            Array("\u{200E}x".utf8),
        ])
    func escapes(bytes: [UInt8]) {
        #expect(EscapedBytes.bytes(of: EscapedBytes.text(of: bytes)) == bytes)
    }

    @Test(
        "what is no shown name has no bytes", arguments: ["a\\", "\\q", "\\x4", "\\x41", "\\u{}"])
    func noEscapes(text: String) { #expect(EscapedBytes.bytes(of: text) == nil) }
}
