// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Files on disk")
struct DiskFilesTests {
    let files = DiskFiles()
    let directory: TemporaryFolder
    var root: FilePath { FilePath(directory.url) }

    init() throws { directory = try TemporaryFolder() }

    @Test("What is written is read back, and no temporary file stays")
    func writeAndRead() throws {
        let path = root.appending("a.json")
        try files.write(Data("one".utf8), to: path)
        try files.write(Data("two".utf8), to: path)
        #expect(try files.read(path, maximumBytes: 3) == Data("two".utf8))
        #expect(try files.names(in: root).map(\.escaped) == ["a.json"])
    }

    @Test("A write that cannot be put in place leaves no temporary file")
    func failedWrite() throws {
        try files.makeDirectory(root.appending("a/b"))
        #expect(throws: FileError.self) { try files.write(Data(), to: root.appending("a")) }
        #expect(try files.names(in: root).map(\.escaped) == ["a"])
    }

    @Test("A read above the limit is refused with EFBIG")
    func tooLarge() throws {
        let path = root.appending("big")
        try files.write(Data(count: 11), to: path)
        let error = #expect(throws: FileError.self) { try files.read(path, maximumBytes: 10) }
        #expect(error?.errno == EFBIG)
        #expect(error?.explanation.contains("larger than the limit") == true)
        #expect(try files.read(path, maximumBytes: 11).count == 11)
    }

    @Test("A file that reports no size is read to its end, within the limit")
    func sizeUnknown() throws {
        let status = try files.read(FilePath("/proc/self/status"), maximumBytes: 1 << 20)
        #expect(status.count > 300)
        #expect(throws: FileError.self) {
            try files.read(FilePath("/proc/self/status"), maximumBytes: 100)
        }
    }

    @Test("Links, directories and fifos are not read", arguments: ["link", "folder", "fifo"])
    func notRegular(name: String) throws {
        let target = root.appending("file")
        try files.write(Data("text".utf8), to: target)
        let text = try #require(root.text)
        #expect(symlink("file", text + "/link") == 0)
        #expect(mkdir(text + "/folder", 0o700) == 0)
        #expect(mkfifo(text + "/fifo", 0o600) == 0)
        let codes = ["link": ELOOP, "folder": EISDIR, "fifo": EBADFD]
        let path = root.appending(name)
        let error = #expect(throws: FileError.self) { try files.read(path, maximumBytes: 100) }
        #expect(error?.errno == codes[name])
        #expect(throws: FileError.self) { try files.digest(of: path) }
        #expect(try files.facts(of: path)?.kind != .regularFile)
    }

    @Test("A move never replaces and an absent path has no facts")
    func moveKeeps() throws {
        let (one, two) = (root.appending("one"), root.appending("two"))
        try files.write(Data("1".utf8), to: one)
        try files.write(Data("2".utf8), to: two)
        let error = #expect(throws: FileError.self) { try files.move(one, to: two) }
        #expect(error?.errno == EEXIST)
        #expect(try files.read(two, maximumBytes: 9) == Data("2".utf8))
        try files.move(one, to: root.appending("three"))
        #expect(try files.facts(of: one) == nil)
        #expect(try files.facts(of: root.appending("three"))?.size == 1)
    }

    @Test(
        "Names of any bytes are listed and opened as they are",
        arguments: [
            Array("経過.txt".utf8), [0x93, 0xFA, 0x96, 0x7B], Array("a\nb".utf8),
            [UInt8](repeating: 0xFF, count: 255),
        ])
    func anyBytes(bytes: [UInt8]) throws {
        let name = try #require(FileName(bytes: bytes))
        try files.write(Data("x".utf8), to: root.appending(name))
        #expect(try files.names(in: root) == [name])
        #expect(try files.facts(of: root.appending(name))?.kind == .regularFile)
        try files.remove(root.appending(name))
        try files.remove(root.appending(name))
        #expect(try files.names(in: root).isEmpty)
    }

    @Test("Directories are made with those above them; a file in the way is told")
    func directories() throws {
        try files.makeDirectory(root.appending("x/y/z"))
        try files.makeDirectory(root.appending("x/y/z"))
        #expect(try files.facts(of: root.appending("x/y/z"))?.kind == .directory)
        try files.write(Data(), to: root.appending("x/file"))
        let error = #expect(throws: FileError.self) {
            try files.makeDirectory(root.appending("x/file"))
        }
        #expect(error?.errno == EEXIST)
        #expect(try files.freeBytes(at: root) > 0)
    }

    @Test("A lock is held once and free again after its holder")
    func lock() throws {
        let path = root.appending("lock")
        var held: InstanceLock? = try InstanceLock(path)
        let error = #expect(throws: FileError.self) { _ = try InstanceLock(path) }
        #expect(error?.errno == EWOULDBLOCK)
        #expect(held?.path == path)
        held = nil
        _ = try InstanceLock(path)
    }

    @Test("A directory is locked as a file is, and beside one")
    func directoryLock() throws {
        var held = try #require(try InstanceLock(directory: root)) as InstanceLock?
        _ = try InstanceLock(root.appending("lock"))
        let error = #expect(throws: FileError.self) { _ = try InstanceLock(directory: root) }
        #expect(error?.errno == EWOULDBLOCK && error?.operation == .lock)
        #expect(held?.path == root)
        held = nil
        #expect(try InstanceLock(directory: root) != nil)
        #expect(throws: FileError.self) { _ = try InstanceLock(directory: root.appending("none")) }
    }
}

@Suite("Names, errors and digests")
struct FactsTests {
    @Test("An impossible name is none", arguments: ["", ".", "..", "a/b", "a\0b"])
    func impossible(text: String) { #expect(FileName(text) == nil) }

    @Test(
        "A name is shown on one line",
        arguments: [
            (Array("経過 1.txt".utf8), "経過 1.txt"), (Array("a\nb\\c".utf8), "a\\u{a}b\\\\c"),
            ([0x41, 0xFF, 0x05], "A\\xff\\u{5}"), ([0xE7, 0xB5], "\\xe7\\xb5"),
            (Array("\u{202E}x".utf8), "\\u{202e}x"), ([0xF0, 0x9F, 0x98, 0x80], "😀"),
        ])
    func escaped(bytes: [UInt8], shown: String) { #expect(EscapedBytes.text(of: bytes) == shown) }

    @Test("Digests agree with FIPS 180-4, in memory and from a file of several pieces")
    func digests() throws {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(ContentDigest(of: Data("abc".utf8)).hexadecimal == abc)
        let folder = try TemporaryFolder()
        let content = Data((0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let path = FilePath(folder["content"])
        try DiskFiles().write(content, to: path)
        #expect(try ContentDigest(ofFile: path) == ContentDigest(of: content))
    }

    @Test("An error names operation, path and errno")
    func explanation() throws {
        let error = #expect(throws: FileError.self) {
            try DiskFiles().names(in: FilePath("/no/such\nplace"))
        }
        let wanted = "cannot list /no/such\\u{a}place: No such file or directory (ENOENT)"
        #expect(error?.explanation == wanted)
        #expect(error?.isTemporary == false)
        #expect(FileError(.write, FilePath("x"), errno: ENOSPC).isTemporary)
    }

    @Test("Paths fall into parent and last name")
    func paths() {
        #expect(FilePath("/a/b/").parent == FilePath("/a"))
        #expect(FilePath("/a").parent == FilePath("/"))
        #expect(FilePath("a").parent == FilePath("."))
        #expect(FilePath("/").appending("a") == FilePath("/a"))
        #expect(FilePath("/a/..").lastName == nil)
        #expect(FilePath(URL(filePath: "/x y/z")).text == "/x y/z")
    }
}
