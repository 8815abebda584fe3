<?php
// A domain that translators' tools cannot read.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const DOMAIN = 'doorstep';

function words( $count ) {
	return _n( 'One review', 'Reviews', $count, DOMAIN );
}
