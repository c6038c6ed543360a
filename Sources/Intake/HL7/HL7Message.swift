// SPDX-License-Identifier: Apache-2.0

/// One message: its segments in order, decoded but not yet unescaped.
struct HL7Message {
    let segments: [HL7Segment]
    let encoding: TextEncoding
    let notices: [String]

    /// Parts a decoded message into segments; throws `malformed` or `tooMuch`.
    init(_ text: HL7Text, limits: IntakeLimits) throws(IntakeError) {
        guard let delimiters = HL7Delimiters(text.bytes[...]) else {
            throw .hl7(
                .malformed(expected: "MSH with its separators, MSH|^~\\&|", byteOffset: nil))
        }
        var parting = HL7SegmentParting(text, delimiters, limit: limits.maximumParts)
        try parting.run()
        segments = parting.segments
        encoding = text.encoding
        notices = text.notice.map { [$0] } ?? []
        if segments.count == 1 {
            throw .hl7(
                .malformed(
                    expected: "the end of a segment (CR) and another after MSH", byteOffset: nil))
        }
    }

    /// The first segment of a name.
    func first(_ name: String) -> HL7Segment? { segments.first { $0.name == name } }

    /// MSH.
    var header: HL7Segment? { segments.first }

    /// Type and trigger, such as ORU and R01; the trigger may stand in EVN or in the structure's name only.
    var type: (name: String, trigger: String)? {
        guard let header, let name = header.value(9)?.uppercased() else { return nil }
        if let trigger = header.value(9, 2) { return (name, trigger.uppercased()) }
        let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
        guard let word = parts.first else { return nil }
        return (word, (parts.dropFirst().first ?? first("EVN")?.value(1) ?? "").uppercased())
    }

    /// When it was sent, or else what happened in it, as sent.
    var time: String? { header?.value(7) ?? first("EVN")?.value(2) }
}

/// Parts a message at the ends of its segments.
///
/// They end with CR by the standard, and with LF or CRLF where an editor or a copy has been at work. Some
/// senders leave line breaks within a text as they are: a line that is no segment goes on with the text
/// before it.
struct HL7SegmentParting {
    private(set) var segments: [HL7Segment] = []
    private let bytes: [UInt8]
    private let delimiters: HL7Delimiters
    private let encoding: TextEncoding
    private let limit: Int
    /// Where the segment that is being read begins and ends, its name, and the separators in it.
    private var current: (range: Range<Int>, name: String, separators: Int)?

    init(_ text: HL7Text, _ delimiters: HL7Delimiters, limit: Int) {
        (bytes, encoding) = (text.bytes, text.encoding)
        (self.delimiters, self.limit) = (delimiters, limit)
    }

    mutating func run() throws(IntakeError) {
        // In a message whose segments end with CR, a lone LF is within a text.
        let endsWithCR = bytes.contains(0x0D)
        var isHard = true
        var (start, number) = (0, 0)
        while start < bytes.count {
            number += 1
            let end =
                bytes[start...].firstIndex { $0 == 0x0D || $0 == 0x0A || $0 == 0x1C }
                ?? bytes.count
            try take(start..<end, isHard: isHard, number: number)
            guard end < bytes.count else { break }
            let isPair =
                bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A
            isHard = bytes[end] != 0x0A || !endsWithCR
            start = end + (isPair ? 2 : 1)
        }
        try close()
    }

    /// Takes a line, which is blank, begins a segment, or goes on with one.
    private mutating func take(
        _ line: Range<Int>, isHard: Bool, number: Int
    ) throws(IntakeError) {
        let content = bytes[line]
        if content.allSatisfy({ $0 <= 0x20 || $0 == 0x7F }) { return }
        if let name = segmentName(content), begins(name, isHard: isHard) {
            try close()
            current = (line, name, separators(in: content))
            return
        }
        guard let (range, name, count) = current,
            name == "OBX" && count <= 5 || name == "NTE" && count <= 3 || !isHard
        else {
            throw .hl7(
                .malformed(
                    expected: "a segment at the beginning of line \(number) of the message",
                    byteOffset: nil))
        }
        // Blank lines between the two are part of the text.
        current = (range.lowerBound..<line.upperBound, name, count + separators(in: content))
    }

    private func separators(in line: ArraySlice<UInt8>) -> Int {
        line.reduce(0) { $0 + ($1 == delimiters.field ? 1 : 0) }
    }

    private func segmentName(_ line: ArraySlice<UInt8>) -> String? {
        let content = line.drop { $0 == 0x0B }
        let name = content.prefix(3)
        guard name.count == 3,
            name.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }),
            content.count == 3 || content[content.startIndex + 3] == delimiters.field
        else { return nil }
        return String(utf8: name)
    }

    /// Whether a line with such a name is a segment: within a text only names of the standard and of
    /// agreements (Z…) are, so that a line `WBC|9800` stays a part of it.
    private func begins(_ name: String, isHard: Bool) -> Bool {
        if Self.names.contains(name) || name.hasPrefix("Z") { return true }
        guard isHard, let current else { return current == nil }
        return !["OBX", "NTE"].contains(current.name)
    }

    private mutating func close() throws(IntakeError) {
        guard let (range, name, _) = current else { return }
        current = nil
        guard segments.count < limit else { throw .hl7(.tooMuch(of: "segments", limit: limit)) }
        segments.append(
            HL7Segment(
                name: name, bytes: bytes[range].drop { $0 == 0x0B }, delimiters: delimiters,
                encoding: encoding))
    }

    private static let names = Set(
        """
        ABS ACC ADD AFF AIG AIL AIP AIS AL1 APR ARQ ARV AUT BHS BLC BLG BPO BPX BTS BTX CDM CDO CER CM0 CM1 CM2 CNS
        CON CSP CSR CSS CTD CTI DB1 DG1 DMI DON DPS DRG DSC DSP ECD ECR EDU EQL EQP EQU ERQ ERR EVN FAC FHS FT1 FTS
        GOL GP1 GP2 GT1 IAM IAR IIM ILT IN1 IN2 IN3 INV IPC IPR ISD ITM IVC IVT LAN LCC LCH LDP LOC LRL MCP MFA MFE
        MFI MRG MSA MSH NCK NDS NK1 NPU NSC NST NTE OBR OBX ODS ODT OH1 OH2 OH3 OH4 OM1 OM2 OM3 OM4 OM5 OM6 OM7 OMC
        ORC ORG OVR PAC PCE PCR PD1 PDA PDC PEO PES PID PKG PMT PR1 PRA PRB PRC PRD PRT PSG PSH PSL PSS PTH PV1 PV2
        PYE QAK QID QPD QRD QRF QRI RCP RDF RDT REL RF1 RFI RGS RMI ROL RQ1 RQD RXA RXC RXD RXE RXG RXO RXR RXV SAC
        SCD SCH SCP SDD SFT SGH SGT SHP SID SLT SPM SPR STF STZ TCC TCD TQ1 TQ2 TXA UAC UB1 UB2 URD URS VAR VND VTQ
        """.split { $0.isWhitespace }.map(String.init))
}
