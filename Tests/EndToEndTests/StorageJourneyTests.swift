// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "From an SS-MIX2 storage to rows",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct StorageJourneyTests {
    private let folder = "storage/000/123/00012345"
    private let kind = "^退院時サマリー^^18842-5^退院時サマリー^LN"

    private func record(_ version: Int, _ flag: Int) -> String {
        "00012345_20260519_18842-5_000000000000188_2026052\(version)100000000_01_\(flag)"
    }

    private func document(_ text: String, version: Int) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3" extension="DS-1-\(version)"/>
        <code code="18842-5" codeSystem="2.16.840.1.113883.6.1"/><effectiveTime value="20260520"/>
        <recordTarget><patientRole><id root="1.2.4" extension="00012345"/></patientRole></recordTarget>
        <component><structuredBody><component><section><title>入院経過</title><text>\(text)</text>
        </section></component></structuredBody></component></ClinicalDocument>
        """
    }

    private func write(_ text: String, _ path: String, to instance: DaemonInstance) throws {
        let file = instance.folder[path]
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test("records come once, versions follow their flags, and the storage is left as it is")
    func journey() throws {
        let instance = try DaemonInstance("[storage]\ndirectories = [\"storage\"]\n")
        let extended = "\(folder)/20260519/\(kind)"
        try write(
            document("夜間に発熱あり。", version: 0), "\(extended)/\(record(0, 1))/main_document.xml",
            to: instance)
        try write("p { color: red }", "\(extended)/\(record(0, 1))/style.css", to: instance)
        let order = "\(folder)/20260519/OMP-01/00012345_20260519_OMP-01_1_20260519100000000_01_1"
        try write("MSH|^~\\&|A\rPID|1||00012345\r", order, to: instance)
        let before = try FileManager.default.subpathsOfDirectory(
            atPath: instance.folder["storage"].path
        ).sorted()
        try instance.once()
        try instance.once()
        #expect(
            try instance.rows("SELECT kind, format, standing, text FROM documents") == [
                [
                    "kind": "discharge-summary", "format": "ssmix2", "standing": "current",
                    "text": "【入院経過】\n夜間に発熱あり。",
                ]
            ])
        #expect(
            try FileManager.default.subpathsOfDirectory(
                atPath: instance.folder["storage"].path
            ).sorted() == before)
        // A new version: the old folder gets flag 2, the new one flag 1.
        try FileManager.default.moveItem(
            at: instance.folder["\(extended)/\(record(0, 1))"],
            to: instance.folder["\(extended)/\(record(0, 2))"])
        try write(
            document("発熱は解熱した。咳あり。", version: 1),
            "\(extended)/\(record(1, 1))/main_document.xml", to: instance)
        try instance.once()
        #expect(
            try instance.rows("SELECT text FROM documents_current")
                == [["text": "【入院経過】\n発熱は解熱した。咳あり。"]])
        // Then it is deleted.
        try FileManager.default.moveItem(
            at: instance.folder["\(extended)/\(record(1, 1))"],
            to: instance.folder["\(extended)/\(record(1, 0))"])
        try instance.once()
        #expect(try instance.rows("SELECT id FROM documents_current").isEmpty)
        #expect(instance.names(in: "failed").isEmpty && instance.names(in: "processing").isEmpty)
    }

    @Test("a storage that is not there is told and stops nothing")
    func absent() throws {
        let instance = try DaemonInstance("[storage]\ndirectories = [\"absent\"]\n")
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try instance.once()
        #expect(try instance.rows("SELECT kind FROM documents") == [["kind": "nursing"]])
        let log = try String(contentsOfFile: instance.log, encoding: .utf8)
        #expect(log.contains("cannot be looked through"))
    }
}
