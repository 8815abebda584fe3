<?php
// Without a domain WordPress's own translations are asked.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function words() {
	return __( 'Track your order' );
}
