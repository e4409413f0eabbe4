"""A language model behind an OpenAI-compatible address."""

import json
import os
from collections.abc import Sequence
from typing import Any

from ..errors import MissingExtraError, SettingsError
from ..settings import WriterSettings

__all__ = ["LanguageModel", "Message", "UnusableError"]

Message = dict[str, str]


class UnusableError(Exception):
    """The model could not be reached, or answered with something else than was asked for."""


class LanguageModel:
    """The model of the settings.

    Parameters
    ----------
    settings : WriterSettings
        Address, model and manners.

    Attributes
    ----------
    unreachable : bool
        It makes no sense to ask again.

    Raises
    ------
    SettingsError
        The address or the model is missing.
    MissingExtraError
        The package ``openai`` is not installed.
    """

    def __init__(self, settings: WriterSettings) -> None:
        if not settings.address or not settings.model:
            raise SettingsError("要用语言模型改写，请在设置的 [writer] 一节写明 address（地址）和 model（模型名）。")
        try:
            import openai
        except ImportError:
            raise MissingExtraError("openai", "writer") from None
        self._settings = settings
        self._errors = openai
        self._client = openai.OpenAI(
            base_url=settings.address,
            api_key=(os.environ.get(settings.key_env, "") if settings.key_env else "") or "-",
            timeout=settings.timeout,
            max_retries=settings.retries,
            http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=False),
        )
        self.unreachable = False

    def ask(self, messages: Sequence[Message]) -> tuple[str, dict[str, Any]]:
        """Return what the model answers, as it stands and as a JSON object.

        Raises
        ------
        UnusableError
            There is no such answer.
        """
        settings = self._settings
        try:
            sent: Any = list(messages)
            answer = self._client.chat.completions.create(
                model=settings.model, messages=sent, temperature=settings.temperature, seed=settings.seed
            )
            text = str(answer.choices[0].message.content or "")
        except self._errors.APITimeoutError:
            self.unreachable = True
            raise UnusableError(f"{settings.timeout:g} 秒没有答复") from None
        except self._errors.APIConnectionError:
            self.unreachable = True
            raise UnusableError("连不上设置里的地址") from None
        except self._errors.APIStatusError as error:
            self.unreachable = error.status_code in (401, 403, 404)
            raise UnusableError(f"对方答复 {error.status_code}") from None
        except Exception:  # a server that only looks like one: the client fails in ways of its own
            raise UnusableError("答复读不懂") from None
        return text, _object(text)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except ValueError:
        raise UnusableError("答复不是要求的格式") from None
    if not isinstance(found, dict):
        raise UnusableError("答复不是要求的格式")
    return found
