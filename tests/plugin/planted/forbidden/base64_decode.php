<?php
// Text that is not to be read.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function hidden() {
	return base64_decode( 'ZG9vcnN0ZXA' );
}
