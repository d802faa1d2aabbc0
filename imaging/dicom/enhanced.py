"""The frames of an enhanced multi-frame image: functional groups, shared or for each frame.

References
----------
DICOM PS3.3, C.7.6.16 (Multi-frame Functional Groups), A.38 (CT) and A.36 (MR).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imaging.dicom import describing
from imaging.dicom.frame import Frame
from imaging.dicom.raw_values import RawValues
from imaging.dicom.windows import stated_window

_ENHANCED: Final = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.2.1",  # Enhanced CT
        "1.2.840.10008.5.1.4.1.1.2.2",  # Legacy Converted Enhanced CT
        "1.2.840.10008.5.1.4.1.1.4.1",  # Enhanced MR
        "1.2.840.10008.5.1.4.1.1.4.4",  # Legacy Converted Enhanced MR
    }
)
_CONVERTED: Final = (
    "UnassignedPerFrameConvertedAttributesSequence",
    "UnassignedSharedConvertedAttributesSequence",
)
"""Where a legacy converted image keeps what has no functional group of its own."""

_TYPES: Final = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence")


def is_enhanced(sop_class_uid: str) -> bool:
    """Return whether the class keeps each frame's place in functional groups."""
    return sop_class_uid in _ENHANCED


def frames_of(whole: Frame, raw: RawValues) -> list[Frame]:
    """Return the frames of an enhanced image.

    Where the groups of a frame are missing, its position is, and it is refused for that.
    """
    shared = next(iter(raw.items("SharedFunctionalGroupsSequence")), RawValues({}, raw.little))
    each = raw.items("PerFrameFunctionalGroupsSequence")
    count = whole.pixels.frames
    if len(each) != count:
        return [replace(whole, position=None)]
    return [_frame(whole, number, _Groups(own, shared)) for number, own in enumerate(each)]


class _Groups:
    """The functional groups of one frame: its own first, then the shared ones."""

    def __init__(self, own: RawValues, shared: RawValues) -> None:
        self._own, self._shared = own, shared

    def group(self, *keywords: str) -> RawValues:
        """Return the first group of these names that is there, or an empty one."""
        for keyword in keywords:
            for items in (self._own.items(keyword), self._shared.items(keyword)):
                if items:
                    return items[0]
        return RawValues({}, self._own.little)

    def value(self, group: str, keyword: str) -> RawValues:
        """Return the group that has a value, else what a conversion could not assign."""
        found = self.group(group)
        if found.has(keyword):
            return found
        for converted in _CONVERTED:
            found = self.group(converted)
            if found.has(keyword):
                return found
        return RawValues({}, self._own.little)


def _frame(whole: Frame, number: int, groups: _Groups) -> Frame:
    measures = groups.group("PixelMeasuresSequence")
    transformation = groups.group("PixelValueTransformationSequence")
    kinds = groups.group(*_TYPES).texts("FrameType") or whole.image_type
    content = groups.group("FrameContentSequence")
    return replace(
        whole,
        image_type=kinds,
        position=describing.position(groups.group("PlanePositionSequence")),
        orientation=describing.orientation(groups.group("PlaneOrientationSequence")),
        pixel_spacing=describing.pixel_spacing(measures),
        slice_thickness_mm=describing.thickness_mm(measures),
        acquired_on=describing.date(content, "FrameAcquisitionDateTime") or whole.acquired_on,
        contrast=(*_contrast(groups, content).items(), ("ImageType", "/".join(kinds[2:]))),
        rescale=describing.rescale(transformation) if transformation.elements else whole.rescale,
        place=replace(whole.place, frame=number),
        order=_order(whole, groups, content),
        window=stated_window(groups.group("FrameVOILUTSequence")) or whole.window,
    )


def _contrast(groups: _Groups, content: RawValues) -> Mapping[str, str]:
    diffusion = groups.group("MRDiffusionSequence")
    direction = next(
        iter(diffusion.items("DiffusionGradientDirectionSequence")), RawValues({}, diffusion.little)
    )
    echoes = groups.group("MREchoSequence").doubles("EffectiveEchoTime")
    index = content.long("TemporalPositionIndex", 0)
    return {
        "KVP": groups.value("CTXRayDetailsSequence", "KVP").text("KVP"),
        "EchoTime": f"{echoes[0]:.6g}" if echoes else "",
        "ConvolutionKernel": groups.value("CTReconstructionSequence", "ConvolutionKernel").text(
            "ConvolutionKernel"
        ),
        "DiffusionBValue": "/".join(f"{b:.6g}" for b in diffusion.doubles("DiffusionBValue")),
        "DiffusionGradientOrientation": "/".join(
            f"{part:.6g}" for part in direction.doubles("DiffusionGradientOrientation")
        ),
        "StackID": content.text("StackID"),
        "TemporalPositionIndex": str(index) if index else "",
    }


def _order(whole: Frame, groups: _Groups, content: RawValues) -> tuple[tuple[str, str], ...]:
    delays = groups.group("CardiacSynchronizationSequence").doubles(
        "NominalCardiacTriggerDelayTime"
    )
    number = content.word("FrameAcquisitionNumber", 0)
    return (
        ("TriggerTime", f"{delays[0]:.6g}" if delays else ""),
        ("AcquisitionNumber", str(number) if number else ""),
        ("AcquisitionTime", content.text("FrameAcquisitionDateTime")),
        ("InstanceNumber", dict(whole.order).get("InstanceNumber", "")),
    )
