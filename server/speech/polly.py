"""AWS Polly: a better voice, from a service outside. What is said leaves the installation."""

from __future__ import annotations

import asyncio
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from integrations.contract import AccessLost, Unreachable
from server.settings import Settings
from server.speech.audio import Samples, from_pcm, levelled, trimmed
from storage.models import Language

VOICES: dict[Language, str] = {"sv": "Elin", "en": "Amy"}
CODES: dict[Language, str] = {"sv": "sv-SE", "en": "en-GB"}
PCM_RATE = 16000
PATIENCE = 5.0
REFUSED = frozenset(
    {
        *("AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException"),
        *("ExpiredTokenException", "SubscriptionRequiredException", "InvalidClientTokenId"),
    }
)


class PollySpeaker:
    """A neural voice of Polly's. Without keys in the settings, boto3 looks where it always does."""

    def __init__(self, settings: Settings, voices: dict[Language, str]) -> None:
        self._voices = VOICES | voices
        self._client: Any = boto3.client(
            "polly",
            region_name=settings.aws_region,
            aws_access_key_id=settings.aws_key_id,
            aws_secret_access_key=settings.aws_secret_key,
            endpoint_url=settings.aws_url,
            config=Config(
                connect_timeout=PATIENCE,
                read_timeout=PATIENCE,
                retries={"max_attempts": 1},
                max_pool_connections=16,
            ),
        )

    def voice(self, language: Language) -> str:
        """What names this voice in the key of a sound."""
        return f"polly:{self._voices[language]}"

    async def speak(self, text: str, language: Language) -> Samples:
        """The text as sound, without silence around it. Raises Unreachable, AccessLost."""
        return await asyncio.to_thread(self._speak, text, language)

    async def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def _speak(self, text: str, language: Language) -> Samples:
        try:
            answer = self._client.synthesize_speech(
                Engine="neural",
                LanguageCode=CODES[language],
                OutputFormat="pcm",
                SampleRate=str(PCM_RATE),
                Text=text,
                VoiceId=self._voices[language],
            )
            found = answer["AudioStream"].read()
        except ClientError as error:
            said = error.response.get("Error", {}).get("Code", "")
            raise (AccessLost if said in REFUSED else Unreachable)(f"Polly: {said}") from error
        except BotoCoreError as error:
            raise Unreachable(f"Polly: {type(error).__name__}") from error
        return levelled(trimmed(from_pcm(found, PCM_RATE)))
