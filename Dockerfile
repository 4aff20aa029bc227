# The wheels are fetched by their hashes; only what the shop runs on goes into the image.
FROM python:3.13-slim AS build
WORKDIR /src
COPY .ci/requirements.lock .ci/
RUN pip download --no-cache-dir --require-hashes --only-binary :all: --dest /wheels -r .ci/requirements.lock
RUN pip install --no-cache-dir --no-index --find-links /wheels hatchling
COPY pyproject.toml README.md ./
COPY prompts prompts
COPY core core
COPY bot bot
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheels . \
 && python -m venv /zhanggui \
 && /zhanggui/bin/pip install --no-cache-dir --no-index --find-links /wheels zhanggui

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin shop \
 && install -d -o shop -g shop /shop /shop/data
COPY --from=build /zhanggui /zhanggui
ENV PATH="/zhanggui/bin:$PATH" PYTHONUNBUFFERED=1 ZHANGGUI__SHOP__DATA_DIR=/shop/data
# config.toml and cookie files are mounted into /shop; the books live in /shop/data.
WORKDIR /shop
VOLUME /shop/data
USER shop
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["zhanggui", "health"]
ENTRYPOINT ["zhanggui"]
CMD ["run"]
